import type { Db } from '@quantum-hub/database';
import type { JobAttemptRow, JobEventRow, JobResultRow } from './read-history.ts';

/** What belongs to some jobs, by job. */
export type JobBelongings = {
  readonly programs: ReadonlyMap<string, string>;
  readonly events: ReadonlyMap<string, readonly JobEventRow[]>;
  readonly attempts: ReadonlyMap<string, readonly AttemptFacts[]>;
  readonly results: ReadonlyMap<string, JobResultRow>;
};

/** Without the snapshot: what the hub knew of a device is no data of the person. */
type AttemptFacts = Omit<JobAttemptRow, 'deviceSnapshot' | 'worker'> & {
  readonly device: string | null;
};

type OfJob<Row> = Row & { readonly id: string };

/** Of jobs that the actor may see; the ids as values, so that only their partitions are read. */
export async function readBelongings(db: Db, ids: readonly string[]): Promise<JobBelongings> {
  const programs = await db.query<{ id: string; program: string }>(
    'select id, program from execution.jobs where id = any($1::uuid[]) and program is not null',
    [ids],
  );
  const events = await db.query<OfJob<JobEventRow>>(
    `select id, number, created_at as at, status, origin, attempt, reason_code as "reasonCode", reason_message as "reasonMessage"
       from execution.job_events where id = any($1::uuid[]) order by id, number`,
    [ids],
  );
  const attempts = await db.query<OfJob<AttemptFacts>>(
    `select id, number, device_snapshot->>'name' as device, created_at as "startedAt", finished_at as "finishedAt", outcome,
            error_code as "errorCode", error_message as "errorMessage"
       from execution.job_attempts where id = any($1::uuid[]) order by id, number`,
    [ids],
  );
  const results = await db.query<OfJob<JobResultRow>>(
    `select id, counts, data, format_version as "formatVersion", shots, duration_ms as "durationMs", created_at as "createdAt"
       from execution.job_results where id = any($1::uuid[])`,
    [ids],
  );
  return {
    programs: new Map(programs.rows.map(({ id, program }) => [id, program])),
    events: byJob(events.rows),
    attempts: byJob(attempts.rows),
    results: new Map(results.rows.map(({ id, ...result }) => [id, result])),
  };
}

function byJob<Row extends { id: string }>(rows: readonly Row[]): ReadonlyMap<string, Omit<Row, 'id'>[]> {
  const lists = new Map<string, Omit<Row, 'id'>[]>();
  for (const { id, ...row } of rows) {
    const list = lists.get(id);
    if (list) list.push(row);
    else lists.set(id, [row]);
  }
  return lists;
}

export type KeptKey = { readonly key: string; readonly jobId: string; readonly createdAt: Date };

/** The actor's idempotency keys. */
export async function listIdempotencyKeys(db: Db, userId: string): Promise<KeptKey[]> {
  const { rows } = await db.query<KeptKey>(
    `select key, job_id as "jobId", created_at as "createdAt" from execution.job_idempotency_keys
      where user_id = $1 order by id`,
    [userId],
  );
  return rows;
}

export async function deleteIdempotencyKeys(db: Db, userId: string): Promise<void> {
  await db.query('delete from execution.job_idempotency_keys where user_id = $1', [userId]);
}

/** The actor's jobs that wait or run and are not to be cancelled yet; at most 500. */
export async function unfinishedJobs(db: Db, userId: string): Promise<string[]> {
  const { rows } = await db.query<{ id: string }>(
    `select id from execution.job_queue where user_id = $1 and status <> 'cancelling' limit 500`,
    [userId],
  );
  return rows.map(({ id }) => id);
}

export type ResultBlob = { readonly jobId: string; readonly sha256: string };

/**
 * Empties the results of a user (as `worker`), at most 500 at a time, and gives how many, and the documents that they named. The rows stay:
 * that there was a result, its shots and its time on the device belong to the history of the job and to what it cost.
 */
export async function emptyResults(
  db: Db,
  userId: string,
): Promise<{ readonly emptied: number; readonly blobs: readonly ResultBlob[] }> {
  const { rows } = await db.query<{ jobId: string; sha256: string | null }>(
    `with full_ones as (
       select id, data->'blob'->>'sha256' as sha256 from execution.job_results
        where user_id = $1 and (counts is not null or data is not null) limit 500 for update),
     emptied as (
       update execution.job_results r set counts = null, data = null from full_ones where r.id = full_ones.id)
     select id as "jobId", sha256 from full_ones`,
    [userId],
  );
  const blobs = rows.flatMap(({ jobId, sha256 }) => (sha256 === null ? [] : [{ jobId, sha256 }]));
  return { emptied: rows.length, blobs };
}

/** Takes what a user wrote out of their finished jobs (as `worker`), at most 500 at a time; gives how many. */
export async function emptyJobs(db: Db, userId: string): Promise<number> {
  const { rowCount } = await db.query(
    `update execution.jobs set name = 'deleted', inputs = '{}', program = case when program is not null then '' end
      where id in (select id from execution.jobs
                    where user_id = $1 and finished_at is not null
                      and (name <> 'deleted' or inputs <> '{}' or program <> '') limit 500)`,
    [userId],
  );
  return rowCount;
}
