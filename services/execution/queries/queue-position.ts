import type { Db } from '@quantum-hub/database';

export interface QueuePosition {
  /** From 1 on: how many jobs start on the device until this one has, if none is added and the turns are kept. */
  readonly position: number;
  /** Jobs that wait on the device; never less than the position. */
  readonly depth: number;
  /** Jobs that start before this one. */
  readonly ahead: number;
  /** False where counting stopped at `countedMost`: numbers that reach it say "so many or more". */
  readonly exact: boolean;
}

/** How far a queue is counted, for its depth and for a place in it. */
export const countedMost = 20_000;

/**
 * Users take turns (the least recently started first), and a user's own jobs go by priority and age. Before the (own + 1)th job of
 * mine starts, each other user has had `own` turns, and those who are before me in the round one more; but no more than they
 * have jobs: so many entries of each are walked, and `$2` of all together. One statement, so that place and depth are of the same
 * moment. All walks are along `job_queue_fair_idx`: the orders leave no other way, whatever statistics say. One that ends at `$2`
 * costs the same in every longer queue (1,000,000 jobs of 1,000 users: 760 ms when everything was counted).
 */
const text = `with recursive mine as (
  select q.id, q.device_id, q.user_id, q.priority, t.last_started_at as last
    from execution.job_queue q
    left join execution.device_turns t on t.device_id = q.device_id and t.user_id = q.user_id
   where q.id = $1 and q.status = 'queued'),
own as (
  select count(*) as ahead from (
    select from mine, lateral (
      (select from execution.job_queue q
        where q.device_id = mine.device_id and q.user_id = mine.user_id and q.status = 'queued'
          and q.priority > mine.priority limit $2)
      union all
      (select from execution.job_queue q
        where q.device_id = mine.device_id and q.user_id = mine.user_id and q.status = 'queued'
          and q.priority = mine.priority and q.id < mine.id limit $2)) before limit $2) counted),
waiting(user_id) as (
  (select q.user_id from mine, lateral (
     select user_id from execution.job_queue where device_id = mine.device_id and status = 'queued'
      order by user_id, priority desc, id limit 1) q)
  union all
  select (select q.user_id from execution.job_queue q
           where q.device_id = mine.device_id and q.status = 'queued' and q.user_id > w.user_id
           order by q.user_id, q.priority desc, q.id limit 1)
    from waiting w, mine where w.user_id is not null),
others as (
  select count(*) as ahead from (
    select from mine, own, (select user_id from waiting where user_id is not null limit $2) w
      left join execution.device_turns t on t.user_id = w.user_id and t.device_id = (select device_id from mine),
    lateral (
      select from execution.job_queue q
       where q.device_id = mine.device_id and q.user_id = w.user_id and q.status = 'queued'
       limit own.ahead + case when (coalesce(t.last_started_at, '-infinity'), w.user_id)
                                 < (coalesce(mine.last, '-infinity'), mine.user_id) then 1 else 0 end) before
     where w.user_id <> mine.user_id limit $2) counted),
depth as (
  select count(*) as jobs from (
    select from mine, lateral (
      select from execution.job_queue q where q.device_id = mine.device_id and q.status = 'queued'
       order by q.user_id, q.priority desc, q.id limit $2) each) counted)
select least(own.ahead + others.ahead, $2 - 1)::int as ahead, least(own.ahead + others.ahead + 1, $2)::int as position,
       depth.jobs::int as depth, depth.jobs < $2 as exact
  from mine, own, others, depth`;

/** Where a job stands (as `worker`, who sees everybody's: first make sure that the asker may see the job); undefined: it does not wait. */
export async function queuePosition(
  db: Db,
  id: string,
  most = countedMost,
): Promise<QueuePosition | undefined> {
  const { rows } = await db.query<QueuePosition>(text, [id, most]);
  return rows[0];
}
