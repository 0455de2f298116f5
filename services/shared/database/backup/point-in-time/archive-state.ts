import type { AdminConnection } from '../../connection/admin-connection.ts';

/** How a server's archiving stands; for `status`, and for alarms about lag and a growing log. */
export interface ArchiveState {
  /** `on`, `off` or `always`, as the running server has it. */
  readonly mode: string;
  readonly command: string;
  /** A change of `archive_mode` waits for a restart. */
  readonly restartPending: boolean;
  readonly archiveTimeoutSeconds: number;
  readonly archived: number;
  readonly failed: number;
  readonly lastArchived: string | undefined;
  readonly lastArchivedAt: Date | undefined;
  readonly lastFailed: string | undefined;
  readonly lastFailedAt: Date | undefined;
  /** The newest attempt failed. */
  readonly failing: boolean;
  /** Complete segments that wait for the archive. */
  readonly waitingSegments: number;
  /** How long the oldest of them has been waiting; 0 where none is. */
  readonly lagSeconds: number;
  /** Size of `pg_wal` in bytes. */
  readonly walBytes: number;
}

interface Row {
  mode: string;
  command: string;
  restartPending: boolean;
  timeout: number;
  archived: string;
  failed: string;
  lastArchived: string | null;
  lastArchivedAt: Date | null;
  lastFailed: string | null;
  lastFailedAt: Date | null;
  waiting: string;
  lag: number;
  walBytes: string;
}

/** Asks as a superuser or member of `pg_monitor`. */
export async function readArchiveState(admin: Pick<AdminConnection, 'query'>): Promise<ArchiveState> {
  const { rows } = await admin.query<Row>(question);
  const row = rows[0] as Row;
  const lastFailedAt = row.lastFailedAt ?? undefined;
  const lastArchivedAt = row.lastArchivedAt ?? undefined;
  return {
    mode: row.mode,
    command: row.command,
    restartPending: row.restartPending,
    archiveTimeoutSeconds: row.timeout,
    archived: Number(row.archived),
    failed: Number(row.failed),
    lastArchived: row.lastArchived ?? undefined,
    lastArchivedAt,
    lastFailed: row.lastFailed ?? undefined,
    lastFailedAt,
    failing: lastFailedAt !== undefined && (lastArchivedAt === undefined || lastFailedAt > lastArchivedAt),
    waitingSegments: Number(row.waiting),
    lagSeconds: Number(row.lag),
    walBytes: Number(row.walBytes),
  };
}

const question = `
with ready as (
  select replace(name, '.ready', '') as name, modification from pg_ls_archive_statusdir() where name like '%.ready'
)
select current_setting('archive_mode') as mode,
  current_setting('archive_command') as command,
  (select bool_or(pending_restart) from pg_settings where name in ('archive_mode', 'wal_level')) as "restartPending",
  (select setting::int from pg_settings where name = 'archive_timeout') as timeout,
  archived_count as archived, failed_count as failed,
  last_archived_wal as "lastArchived", last_archived_time as "lastArchivedAt",
  last_failed_wal as "lastFailed", last_failed_time as "lastFailedAt",
  (select count(*) from ready) as waiting,
  (select coalesce(greatest(0, extract(epoch from clock_timestamp() - min(modification))), 0)::float8 from ready) as lag,
  (select coalesce(sum(size), 0)::bigint from pg_ls_waldir()) as "walBytes"
from pg_stat_archiver`;
