import type { TestAddress } from '@quantum-hub/database/testing';
import { Logger, makeWorkerUtils, run, type Task } from 'graphile-worker';
import type pg from 'pg';
import { inPeerTransaction, openPeerPool, PeerHistory } from './peer-history.ts';
import { type Queue, Tally } from './queue.ts';

const payload = { program: 'a'.repeat(100) };
interface GraphileOptions {
  readonly name: string;
  readonly schema: string;
  /** All jobs in one named queue, of which one runs at once in all processes. */
  readonly serial: boolean;
  /** What is kept of jobs, which are deleted when they are done: a row each, or the history that the hub keeps. Default: nothing. */
  readonly history?: 'row' | 'changes';
  /** Its workers; each runs `atOnce` jobs. Default 1. */
  readonly workers?: number;
  readonly atOnce: number;
  readonly pollMs?: number;
}

const quiet = new Logger(() => () => {});

const result = { counts: { '00': 100 } };

/** graphile-worker, with what it keeps of jobs written by the task. */
export async function graphileQueue(administrator: TestAddress, options: GraphileOptions): Promise<Queue> {
  const { name, schema, serial, history, workers = 1, atOnce } = options;
  await using opening = new AsyncDisposableStack();
  const pool = openPeerPool(administrator, 10 + workers * (atOnce + 2));
  opening.defer(() => pool.end());
  const shared = { pgPool: pool, schema, logger: quiet };
  const utils = await makeWorkerUtils(shared);
  opening.defer(() => utils.release());
  await utils.migrate();
  const kept = history && (await keepers[history](pool, schema));
  const [begun, completed] = [new Tally(), new Tally()];
  const nothing: Task = async (given, helpers) => {
    begun.add();
    await kept?.run(given, helpers);
  };
  const submit: Submit =
    kept?.submit ?? ((into) => utils.addJob('nothing', payload, into === null ? {} : { queueName: into }));
  const startOne = async () => {
    const runner = await run({
      ...shared,
      concurrency: atOnce,
      noHandleSignals: true,
      // A worker looks for the next job before the last one's end is written, finds the queue locked and sleeps until its next poll.
      pollInterval: options.pollMs ?? (serial ? 1 : 2000),
      taskList: { nothing },
    });
    runner.events.on('job:complete', () => completed.add());
    return runner;
  };
  const queueName = serial ? 'one-at-a-time' : null;
  const open = opening.move();
  return {
    name,
    start: async () => {
      const runners = await Promise.all(Array.from({ length: workers }, startOne));
      return {
        [Symbol.asyncDispose]: async () => {
          await Promise.all(runners.map((runner) => runner.stop()));
        },
      };
    },
    submit: () => submit(queueName),
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

type Submit = (queueName: string | null) => Promise<unknown>;

interface Keeper {
  /** What the task writes. */
  readonly run: Task;
  /** Where history begins with the submission. */
  readonly submit?: Submit;
}

const keepers = { row: keepRow, changes: keepChanges };

async function keepRow(pool: pg.Pool, schema: string): Promise<Keeper> {
  await pool.query(`create table ${schema}.history (id bigint primary key, payload json not null, result json not null,
    attempt int not null, queued_at timestamptz not null, finished_at timestamptz not null default now())`);
  const keep = {
    name: 'keep',
    text: `insert into ${schema}.history (id, payload, result, attempt, queued_at) values ($1, $2, $3, $4, $5)`,
  };
  return {
    run: async (given, { job, withPgClient }) => {
      const values = [job.id, given, result, job.attempts, job.created_at];
      await withPgClient((client) => client.query({ ...keep, values }));
    },
  };
}

/** The start and the end are written beside its own transactions, which its tasks can't join. */
async function keepChanges(pool: pg.Pool, schema: string): Promise<Keeper> {
  const history = await PeerHistory.create(pool, schema);
  const add = {
    name: 'add',
    text: `select id from ${schema}.add_job('nothing', payload := $1::json, queue_name := $2)`,
  };
  return {
    run: async (_, { job, withPgClient }) => {
      await withPgClient((client) => history.started(client, job.id, job.attempts));
      await withPgClient((client) => history.completed(client, job.id, job.attempts, result));
    },
    submit: (queueName) =>
      inPeerTransaction(pool, async (client) => {
        const { rows } = await client.query<{ id: string }>({ ...add, values: [payload, queueName] });
        await history.submitted(client, String(rows[0]?.id));
      }),
  };
}
