import { type Db, getDb } from '@quantum-hub/database';
import { newId } from '@quantum-hub/kernel';
import type { TestExecution } from '../../services/execution/test-execution.ts';
import { Loops } from './loops.ts';
import type { Queue } from './queue.ts';

const table = 'execution.plain_queue';

const add = { name: 'plain_add', text: `insert into ${table} (id, payload) values ($1, $2)` };
const take = {
  name: 'plain_take',
  text: `update ${table} set state = 'running' where id = (
    select id from ${table} where state = 'queued' order by id limit 1 for update skip locked) returning id, payload`,
};
const finish = { name: 'plain_finish', text: `update ${table} set state = 'completed' where id = $1` };

/**
 * The least that a queue can be: a plain table, `for update skip locked`, no limit, no lease, no history beyond a state; through the
 * same pool and door as the hub's queue, as the same roles.
 */
export async function skipLockedQueue(execution: TestExecution, atOnce: number): Promise<Queue> {
  await execution.test.admin.query(`create table if not exists ${table} (id uuid primary key, payload text not null, state text not null default 'queued');
    create index if not exists plain_queue_idx on ${table} (id) where state = 'queued';
    grant select, insert, update on ${table} to qhub_execution, qhub_worker`);
  const user = await execution.makeUser();
  const payload = 'a'.repeat(100);
  const asWorker = <Result>(work: (db: Db) => Promise<Result>) => getDb(work, { as: 'worker' });
  const loops = new Loops(async (begin) => {
    const { rows } = await asWorker((db) => db.query<{ id: string }>(take));
    const [job] = rows;
    if (!job) return false;
    begin();
    await asWorker((db) => db.query({ ...finish, values: [job.id] }));
    return true;
  });
  return {
    name: 'for update skip locked, plain table',
    start: async () => loops.start(atOnce),
    submit: async () => {
      await getDb((db) => db.query({ ...add, values: [newId(), payload] }), { as: 'execution', actor: user });
      loops.call();
    },
    begun: (more) => loops.begun.next(more),
    completed: (more) => loops.completed.next(more),
    [Symbol.asyncDispose]: async () => {},
  };
}
