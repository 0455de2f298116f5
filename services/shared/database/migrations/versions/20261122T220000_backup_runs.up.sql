-- Description: A record of what was done for backups: made, verified, pruned, rehearsed.
-- Hazards: none
-- Reversible: loses data
-- Breaking: no
-- Transaction: one

create table hub.backup_runs (
  id uuid not null,
  kind text not null,
  ok boolean not null,
  place text,
  backup text,
  bytes bigint,
  error text,
  host text not null,
  started_at timestamptz not null,
  finished_at timestamptz not null,
  constraint backup_runs_pkey primary key (id),
  constraint backup_runs_kind_check check (kind in ('create', 'verify', 'check', 'prune', 'base', 'drill')),
  constraint backup_runs_bytes_check check (bytes >= 0),
  constraint backup_runs_error_check check (ok = (error is null)),
  constraint backup_runs_finished_check check (finished_at >= started_at)
);
comment on table hub.backup_runs is 'What was done for backups, and how it ended; also what failed.';
comment on column hub.backup_runs.id is 'UUIDv7 of the moment that it was noted.';
comment on column hub.backup_runs.kind is 'create, verify (by restoring), check (checksums only), prune, base (base backup), drill.';
comment on column hub.backup_runs.ok is 'Whether it ended well.';
comment on column hub.backup_runs.place is 'Where the backups lie: a folder, or s3://bucket/prefix.';
comment on column hub.backup_runs.backup is 'The name of the backup that it was about; null where there was none.';
comment on column hub.backup_runs.bytes is 'Size of the backup; of a prune, what it freed.';
comment on column hub.backup_runs.error is 'Why it failed, as people were told.';
comment on column hub.backup_runs.host is 'The machine that it ran on.';
comment on column hub.backup_runs.started_at is 'When it began.';
comment on column hub.backup_runs.finished_at is 'When it ended.';

grant select, insert on hub.backup_runs to qhub_backup;
