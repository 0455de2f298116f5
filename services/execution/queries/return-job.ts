import type { Db } from '@quantum-hub/database';
import { changedChannel, queuedChannel } from './channels.ts';
import type { Reason } from './finish-attempt.ts';

export interface Returned {
  readonly id: string;
  readonly leaseToken: string;
  /** Handed back by a stopping worker is no failure; the others count towards the job's limit. */
  readonly outcome: 'failed' | 'handed_back' | 'lost';
  readonly reason: Reason;
  /** Not to be started again before that many milliseconds are over, by the database's clock. */
  readonly delayMs: number;
  readonly origin: 'worker' | 'reaper';
}

const text = `with entry as (
  update execution.job_queue
     set status = case when $3 > 0 then 'waiting' else 'queued' end, run_at = now() + $3 * interval '1 ms',
         failures = failures + case $4 when 'handed_back' then 0 else 1 end,
         lease_token = null, lease_until = null, slot_number = null, worker_number = null, progress = null
   where id = $1 and lease_token = $2 and status = 'running'
  returning id, device_id, attempt, status),
freed as (
  update execution.device_slots s set job_id = null from entry where s.job_id = entry.id),
job as (
  update execution.jobs set status = 'queued', queued_at = now(), events = events + 1
   where id = $1 and exists (select from entry) returning id, user_id, events),
event as (
  insert into execution.job_events (id, number, user_id, status, origin, attempt, reason_code, reason_message)
  select job.id, events, user_id, 'queued', $5, entry.attempt, $6, $7 from job, entry),
attempt as (
  update execution.job_attempts set finished_at = now(), outcome = $4, error_code = $6, error_message = $7
   where id = $1 and number = (select attempt from entry))
select pg_notify('${changedChannel}', job.id || ' ' || events),
       case when entry.status = 'queued' then pg_notify('${queuedChannel}', entry.device_id::text) end
  from job, entry`;

/** Puts a running job back into the queue. False when the lease was lost or the job is to be cancelled: nothing was written. */
export async function returnJob(
  db: Db,
  { id, leaseToken, outcome, reason, delayMs, origin }: Returned,
): Promise<boolean> {
  const { rowCount } = await db.query({
    name: 'return_job',
    text,
    values: [
      id,
      leaseToken,
      Math.ceil(delayMs),
      outcome,
      origin,
      reason.code,
      reason.message.slice(0, 10_000),
    ],
  });
  return rowCount > 0;
}
