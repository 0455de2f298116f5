import type { TestAddress } from '@quantum-hub/database/testing';
import { Logger, makeWorkerUtils, run } from 'graphile-worker';
import pg from 'pg';
import { type Queue, Tally } from './queue.ts';

const payload = { program: 'a'.repeat(100) };
interface GraphileOptions {
  readonly name: string;
  readonly schema: string;
  readonly serial: boolean;
  readonly atOnce: number;
  readonly pollMs?: number;
}

const quiet = new Logger(() => () => {});

/**
 * graphile-worker. `serial`: its named queue, of which one job runs at once in all processes, and a row of history written by the
 * task, since it deletes jobs when they are done.
 */
export async function graphileQueue(
  administrator: TestAddress,
  { name, schema, serial, atOnce, pollMs = serial ? 1 : undefined }: GraphileOptions,
): Promise<Queue> {
  await using opening = new AsyncDisposableStack();
  const pool = new pg.Pool({ ...administrator, max: 10 + atOnce });
  // A connection that breaks is replaced by the pool; graphile-worker warns where nobody listens.
  pool.on('error', () => {});
  pool.on('connect', (client) => client.on('error', () => {}));
  opening.defer(() => pool.end());
  const shared = { pgPool: pool, schema, logger: quiet };
  const utils = await makeWorkerUtils(shared);
  opening.defer(() => utils.release());
  await utils.migrate();
  await pool.query(`create table ${schema}.history (id bigint primary key, payload json not null, result json not null,
    attempt int not null, queued_at timestamptz not null, finished_at timestamptz not null default now())`);
  const keep = {
    name: 'keep',
    text: `insert into ${schema}.history (id, payload, result, attempt, queued_at) values ($1, $2, $3, $4, $5)`,
  };
  const [begun, completed] = [new Tally(), new Tally()];
  const start = async () => {
    const runner = await run({
      ...shared,
      concurrency: atOnce,
      noHandleSignals: true,
      // A worker looks for the next job before the last one's end is written, finds the queue locked and sleeps until its next poll.
      ...(pollMs !== undefined && { pollInterval: pollMs }),
      taskList: {
        nothing: async (given, { job, withPgClient }) => {
          begun.add();
          if (!serial) return;
          const values = [job.id, given, { counts: { '00': 100 } }, job.attempts, job.created_at];
          await withPgClient((client) => client.query({ ...keep, values }));
        },
      },
    });
    runner.events.on('job:complete', () => completed.add());
    return { [Symbol.asyncDispose]: () => runner.stop() };
  };
  const open = opening.move();
  return {
    name,
    start,
    submit: () => utils.addJob('nothing', payload, serial ? { queueName: 'one-at-a-time' } : {}),
    begun: (more) => begun.next(more),
    completed: async (more) => {
      await completed.next(more);
      // Its workers don't wait for what they write last.
      for (;;) {
        const { rows } = await pool.query(`select from ${schema}._private_jobs limit 1`);
        if (rows.length === 0) return;
      }
    },
    [Symbol.asyncDispose]: () => open.disposeAsync(),
  };
}
