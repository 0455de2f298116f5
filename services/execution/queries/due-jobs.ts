import type { Db } from '@quantum-hub/database';
import { changedChannel, queuedChannel } from './channels.ts';

const becomeQueued = `with due as (
  select id from execution.job_queue where status = 'waiting' and run_at <= now()
   order by run_at limit 500 for update skip locked)
update execution.job_queue q set status = 'queued' from due where q.id = due.id
returning q.id, pg_notify('${queuedChannel}', q.device_id::text)`;

/** Ids as values, and no join: only their partitions are planned. Retries say queued already. */
const tell = `with job as (
  update execution.jobs set status = 'queued', queued_at = now(), events = events + 1
   where id = any($1::uuid[]) and status = 'created' returning id, user_id, events),
event as (
  insert into execution.job_events (id, number, user_id, status, origin)
  select id, events, user_id, 'queued', 'scheduler' from job)
select pg_notify('${changedChannel}', id || ' ' || events) from job`;

/** Lets the jobs whose time has come wait for a slot (as `worker`); gives how many. At most 500 at a time. */
export async function queueDueJobs(db: Db): Promise<number> {
  const { rows } = await db.query<{ id: string }>(becomeQueued);
  if (rows.length > 0) await db.query(tell, [rows.map(({ id }) => id)]);
  return rows.length;
}
