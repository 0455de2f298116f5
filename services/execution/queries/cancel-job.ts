import type { Db } from '@quantum-hub/database';
import { hubError } from '@quantum-hub/kernel';
import { cancelledChannel, changedChannel } from './channels.ts';

export interface CancelRequest {
  readonly id: string;
  /** Whether the user of the job asks, or an operator for it. */
  readonly origin: 'user' | 'operator';
  /** Who asks. */
  readonly actorId: string;
}

/** `cancelled`: it has ended so, now or before; `cancelling`: its worker was told; `finished`: too late; `unknown`: no such job to be seen. */
export type CancelOutcome = 'cancelled' | 'cancelling' | 'finished' | 'unknown';

const stopWaiting = `with entry as (
  delete from execution.job_queue where id = $1 and status in ('waiting', 'queued') returning attempt),
job as (
  update execution.jobs set status = 'cancelled', finished_at = now(), events = events + 1, cancel_requested_at = now(),
         cancel_requested_by = $3, error_code = 'execution.job_cancelled', error_message = $4
   where id = $1 and exists (select from entry) returning *),
event as (
  insert into execution.job_events (id, number, user_id, status, origin, actor_id, reason_code, reason_message)
  select id, events, user_id, 'cancelled', $2, $3, error_code, error_message from job)
select pg_notify('${changedChannel}', id || ' ' || events) from job`;

const stopRunning = `with entry as (
  update execution.job_queue set status = 'cancelling' where id = $1 and status = 'running' returning attempt),
job as (
  update execution.jobs set status = 'cancelling', events = events + 1, cancel_requested_at = now(), cancel_requested_by = $3
   where id = $1 and exists (select from entry) returning *),
event as (
  insert into execution.job_events (id, number, user_id, status, origin, actor_id, attempt, reason_code, reason_message)
  select job.id, events, user_id, 'cancelling', $2, $3, entry.attempt, 'execution.job_cancelled', $4 from job, entry)
select pg_notify('${changedChannel}', id || ' ' || events), pg_notify('${cancelledChannel}', id::text) from job`;

/** What is kept as the reason of a cancelled job; its history tells who asked for it. */
export const cancelReason = {
  code: 'execution.job_cancelled',
  message: hubError('execution.job_cancelled').message,
} as const;

/**
 * Cancels a job wherever it stands: for its user as `execution`, for an operator as `worker`. Asking twice is asking once.
 * The entry is locked first, as every change of a job does, so it can't start or end in between.
 */
export async function cancelJob(db: Db, { id, origin, actorId }: CancelRequest): Promise<CancelOutcome> {
  const { rows } = await db.query<{ status: string }>(
    'select status from execution.job_queue where id = $1 for update',
    [id],
  );
  const [entry] = rows;
  if (!entry) return await withoutEntry(db, id);
  const waits = entry.status === 'waiting' || entry.status === 'queued';
  if (entry.status !== 'cancelling') {
    const values = [id, origin, actorId, cancelReason.message];
    await db.query({ text: waits ? stopWaiting : stopRunning, values });
  }
  return waits ? 'cancelled' : 'cancelling';
}

/** Of a job that neither waits nor runs. */
async function withoutEntry(db: Db, id: string): Promise<CancelOutcome> {
  const { rows } = await db.query<{ status: string }>('select status from execution.jobs where id = $1', [
    id,
  ]);
  const [job] = rows;
  if (!job) return 'unknown';
  return job.status === 'cancelled' ? 'cancelled' : 'finished';
}
