import type { Db } from '@quantum-hub/database';
import { changedChannel } from './channels.ts';

/** What is written of a result; a large document stands in the blob store, and `data` says where. */
export interface StoredResult {
  readonly counts: object | null;
  readonly data: object | null;
  readonly formatVersion: number;
  readonly shots: number;
  readonly durationMs: number;
}

export interface Reason {
  readonly code: string;
  readonly message: string;
}

export type Ending =
  | { readonly status: 'completed'; readonly result: StoredResult }
  | { readonly status: 'failed'; readonly reason: Reason }
  | { readonly status: 'cancelled'; readonly reason?: Reason };

interface Lease {
  readonly id: string;
  readonly leaseToken: string;
}

/** Everything that ends with a job, in one statement behind one fence: the entry under the lease token, or nothing at all. */
const text = `with entry as (
  delete from execution.job_queue where id = $1 and lease_token = $2 and status in ('running', 'cancelling')
  returning id, attempt),
freed as (
  update execution.device_slots s set job_id = null from entry where s.job_id = entry.id),
job as (
  update execution.jobs set status = $3, finished_at = now(), error_code = $4, error_message = $5, events = events + 1
   where id = $1 and exists (select from entry) returning id, user_id, events),
event as (
  insert into execution.job_events (id, number, user_id, status, origin, attempt, reason_code, reason_message)
  select job.id, events, user_id, $3, $6, entry.attempt, $4, $5 from job, entry),
attempt as (
  update execution.job_attempts set finished_at = now(), outcome = $7, error_code = $4, error_message = $5
   where id = $1 and number = (select attempt from entry)),
result as (
  insert into execution.job_results (id, counts, data, format_version, shots, duration_ms)
  select id, $8::jsonb, $9::jsonb, $10::smallint, $11::int, $12::float8 from job where $3 = 'completed')
select pg_notify('${changedChannel}', id || ' ' || events) from job`;

/**
 * Ends a job: its status, result, event and attempt, and frees its slot, all or nothing. False when the lease was lost: then nothing
 * was written, and never will be by this worker.
 *
 * @param origin the worker that holds it, or the reaper for a lost one
 */
export async function finishAttempt(
  db: Db,
  { id, leaseToken }: Lease,
  ending: Ending,
  origin: 'worker' | 'reaper' = 'worker',
): Promise<boolean> {
  const result = ending.status === 'completed' ? ending.result : undefined;
  const reason = ending.status === 'completed' ? undefined : ending.reason;
  const outcome = origin === 'reaper' ? 'lost' : ending.status;
  const { rowCount } = await db.query({
    name: 'finish_attempt',
    text,
    values: [
      ...[id, leaseToken, ending.status, reason?.code ?? null, reason?.message.slice(0, 10_000) ?? null],
      ...[origin, outcome, result?.counts ?? null, result?.data ?? null],
      ...[result?.formatVersion ?? null, result?.shots ?? null, result?.durationMs ?? null],
    ],
  });
  return rowCount > 0;
}
