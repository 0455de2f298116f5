-- Description: The state of backfills: how far each has come, and whether it is to pause.
-- Hazards: none
-- Reversible: loses data
-- Breaking: no
-- Transaction: one

create table hub.backfills (
  name text not null,
  definition text not null,
  table_name text not null,
  status text not null,
  run_token uuid not null,
  cursor text,
  pass integer not null default 1,
  batch_rows integer not null,
  rows_seen bigint not null default 0,
  rows_changed bigint not null default 0,
  rows_estimate bigint,
  error text,
  started_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  finished_at timestamptz,
  constraint backfills_pkey primary key (name),
  constraint backfills_definition_check check (definition ~ '^[0-9a-f]{64}$'),
  constraint backfills_status_check check (status in ('running', 'paused', 'completed', 'failed')),
  constraint backfills_batch_rows_check check (batch_rows > 0),
  constraint backfills_finished_check check ((finished_at is not null) = (status = 'completed'))
);
comment on table hub.backfills is 'Changes of data in batches: how far each has come.';
comment on column hub.backfills.name is 'Its name in the code.';
comment on column hub.backfills.definition is 'SHA-256 of what it does: another one under the same name is refused.';
comment on column hub.backfills.table_name is 'The table whose rows it changes.';
comment on column hub.backfills.status is 'What it is at; paused stops the run after its batch.';
comment on column hub.backfills.run_token is 'Of the last run: an older one that lost its claim changes nothing any more.';
comment on column hub.backfills.cursor is 'The last key of the last batch; null before the first batch of a pass.';
comment on column hub.backfills.pass is 'Rows can arrive behind the cursor: then another pass is made.';
comment on column hub.backfills.batch_rows is 'How many rows the next batch takes; follows the time that batches take.';
comment on column hub.backfills.rows_seen is 'Rows passed, in all passes.';
comment on column hub.backfills.rows_changed is 'Rows changed.';
comment on column hub.backfills.rows_estimate is 'Rows in the table when it was begun; null where not known.';
comment on column hub.backfills.error is 'Why the last run failed, without values of rows.';
comment on column hub.backfills.started_at is 'When the first run began.';
comment on column hub.backfills.updated_at is 'When the last batch was committed, or the status changed.';
comment on column hub.backfills.finished_at is 'When the last pass ended.';

grant select, insert, update on hub.backfills to qhub_maintenance;
grant select on hub.backfills to qhub_backup;
