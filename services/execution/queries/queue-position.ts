import type { Db } from '@quantum-hub/database';

export interface QueuePosition {
  /** From 1 on: how many jobs start on the device until this one has, if none is added and the turns are kept. */
  readonly position: number;
  /** Jobs that wait on the device; never less than the position. */
  readonly depth: number;
  /** Jobs that start before this one. */
  readonly ahead: number;
}

/**
 * Users take turns (the least recently started first), and a user's own jobs go by priority and age. Before the (own + 1)th job of
 * mine starts, each other user has had `own` turns, and those who are before me in the round one more; but no more than they
 * have jobs. One statement, so that place and depth are of the same moment.
 */
const text = `with mine as (
  select q.id, q.device_id, q.user_id, q.priority, t.last_started_at as last
    from execution.job_queue q
    left join execution.device_turns t on t.device_id = q.device_id and t.user_id = q.user_id
   where q.id = $1 and q.status = 'queued'),
own as (
  select count(*) as ahead from mine, execution.job_queue q
   where q.device_id = mine.device_id and q.user_id = mine.user_id and q.status = 'queued'
     and (q.priority > mine.priority or q.priority = mine.priority and q.id < mine.id)),
users as (
  select q.user_id, count(*) as jobs from mine join execution.job_queue q on q.device_id = mine.device_id and q.status = 'queued'
   group by q.user_id),
others as (
  select coalesce(sum(least(users.jobs, own.ahead + case when
           (coalesce(t.last_started_at, '-infinity'), users.user_id) < (coalesce(mine.last, '-infinity'), mine.user_id)
         then 1 else 0 end)), 0) as ahead
    from mine, own, users left join execution.device_turns t on t.user_id = users.user_id
         and t.device_id = (select device_id from mine)
   where users.user_id <> mine.user_id)
select (own.ahead + others.ahead)::int as ahead, (own.ahead + others.ahead + 1)::int as position,
       (select sum(jobs) from users)::int as depth
  from mine, own, others`;

/** Where a job stands (as `worker`, who sees everybody's: first make sure that the asker may see the job); undefined: it does not wait. */
export async function queuePosition(db: Db, id: string): Promise<QueuePosition | undefined> {
  const { rows } = await db.query<QueuePosition>(text, [id]);
  return rows[0];
}
