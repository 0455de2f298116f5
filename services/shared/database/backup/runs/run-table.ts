/** `hub.backup_runs`, for a login that may act as `qhub_backup`. */

import type { AdminConnection } from '../../connection/admin-connection.ts';
import { inTransaction } from '../../connection/in-transaction.ts';
import type { BackupRun } from './run.ts';

/** More than ten years of three runs a day. */
const mostRows = 12_000;

/** Notes runs; one that is noted already stays as it is. */
export async function insertRuns(admin: AdminConnection, runs: readonly BackupRun[]): Promise<void> {
  await asBackup(admin, async () => {
    for (const { id, kind, ok, place, backup, bytes, error, host, startedAt, finishedAt } of runs) {
      await admin.query(
        `insert into hub.backup_runs (id, kind, ok, place, backup, bytes, error, host, started_at, finished_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) on conflict (id) do nothing`,
        [id, kind, ok, place, backup, bytes, error, host, startedAt, finishedAt],
      );
    }
  });
}

/** Newest first. */
export async function selectRuns(admin: AdminConnection): Promise<BackupRun[]> {
  return await asBackup(admin, async () => {
    const { rows } = await admin.query<BackupRun>(
      `select id, kind, ok, place, backup, bytes::float8 as bytes, error, host,
         started_at as "startedAt", finished_at as "finishedAt"
       from hub.backup_runs order by finished_at desc, id desc limit ${mostRows}`,
    );
    return rows;
  });
}

async function asBackup<Result>(admin: AdminConnection, work: () => Promise<Result>): Promise<Result> {
  return await inTransaction(admin, 'begin; set local role qhub_backup', work);
}
