import type { Hub } from './open-hub.ts';
import type { People } from './seed-people.ts';

/** Gives one job of each user a result; gives those jobs' ids in the order of the users. */
export async function seedResults({ admin }: Hub, { users }: People): Promise<string[]> {
  const { rows } = await admin.query(
    `with picked as (select distinct on (user_id) id, user_id from execution.jobs order by user_id, id desc)
     insert into execution.job_results (id, user_id, counts, shots, duration_ms)
     select id, user_id, '{"00": 512, "11": 512}', 1024, 3 from picked
     returning id, user_id`,
  );
  await admin.query('vacuum analyze execution.job_results');
  const jobs = new Map<string, string>(rows.map(({ id, user_id }) => [user_id, id]));
  return users.map((user) => jobs.get(user) as string);
}

/** Users but the busiest who have at least a page of jobs made after the given id, `limit` of them. */
export async function usersWithRecentJobs(
  { admin }: Hub,
  { users: [busiest] }: People,
  floor: string,
  limit: number,
): Promise<string[]> {
  const { rows } = await admin.query(
    `select user_id from execution.jobs where id >= $1 and user_id <> $2
     group by 1 having count(*) >= 50 order by 1 limit $3`,
    [floor, busiest, limit],
  );
  if (rows.length < limit) {
    throw new Error(`${rows.length} users have a page of recent jobs; expected ${limit}.`);
  }
  return rows.map(({ user_id }) => user_id);
}
