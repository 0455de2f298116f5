import { setTimeout as wait } from 'node:timers/promises';
import type { TestAddress } from '@quantum-hub/database/testing';
import type pg from 'pg';
import { PgBoss } from 'pg-boss';
import { Loops, type Turn } from './loops.ts';
import { inPeerTransaction, PeerHistory } from './peer-history.ts';
import { type Queue, Tally } from './queue.ts';

/** What a job carries: as much as an entry of the hub's queue says of itself. */
const payload = { program: 'a'.repeat(100) };
const result = { counts: { '00': 100 } };

export async function startPgBoss(administrator: TestAddress): Promise<PgBoss> {
  const boss = new PgBoss({ ...administrator, max: 10, useListenNotify: true });
  boss.on('error', (error) => {
    throw error;
  });
  return await boss.start();
}

interface BossOptions {
  /** `singleton`: a unique index lets one job of the queue be active, in all processes. */
  readonly policy: 'standard' | 'singleton';
  /** Loops that take jobs, each on connections of its own: as many workers. */
  readonly loops: number;
}

/**
 * pg-boss with loops that fetch one job each; completed jobs are kept, which is its default. (Its own `work` takes one job per poll,
 * twice a second at most.)
 */
export async function pgBossQueue(boss: PgBoss, name: string, options: BossOptions): Promise<Queue> {
  const queue = name.replaceAll(/\W+/g, '_');
  await boss.createQueue(queue, { policy: options.policy });
  const turn = async (begin: () => void) => {
    const [job] = await boss.fetch(queue, { includeMetadata: true });
    if (!job) return false;
    begin();
    // With the number of the try: a consumer that lost the job completes nothing.
    await boss.complete(queue, { id: job.id, retryCount: job.retryCount }, result);
    return true;
  };
  return loopsOf(name, options.loops, turn, () => boss.send(queue, payload));
}

/** The same with the history that the hub keeps, written in the transaction of each change, as pg-boss lets its users do. */
export async function pgBossWithHistory(
  boss: PgBoss,
  pool: pg.Pool,
  name: string,
  options: BossOptions,
): Promise<Queue> {
  const queue = name.replaceAll(/\W+/g, '_');
  await boss.createQueue(queue, { policy: options.policy });
  const history = await PeerHistory.create(pool, 'boss_history');
  const turn = async (begin: () => void) => {
    const job = await fetched(boss, queue, pool, history);
    if (!job) return false;
    begin();
    const { id, retryCount } = job;
    await inPeerTransaction(pool, async (client) => {
      const completed = boss.complete(queue, { id, retryCount }, result, { db: over(client) });
      await Promise.all([completed, history.completed(client, id, retryCount + 1, result)]);
    });
    return true;
  };
  const submit = () =>
    inPeerTransaction(pool, async (client) => {
      const id = await boss.send(queue, payload, { db: over(client) });
      await history.submitted(client, String(id));
    });
  return loopsOf(name, options.loops, turn, submit);
}

/** Undefined when there is no job, or another loop's is active: its unique index says so by an error, which ends the transaction. */
async function fetched(boss: PgBoss, queue: string, pool: pg.Pool, history: PeerHistory) {
  return await inPeerTransaction(pool, async (client) => {
    const [job] = await boss.fetch(queue, { includeMetadata: true, db: over(client) });
    if (job) await history.started(client, job.id, job.retryCount + 1);
    return job;
  });
}

function over(client: pg.PoolClient) {
  return { executeSql: (text: string, values?: unknown[]) => client.query(text, values) };
}

function loopsOf(name: string, atOnce: number, turn: Turn, submit: () => Promise<unknown>): Queue {
  const loops = new Loops(turn);
  return {
    name,
    start: async () => loops.start(atOnce),
    submit: async () => {
      await submit();
      loops.call();
    },
    begun: (more) => loops.begun.next(more),
    completed: (more) => loops.completed.next(more),
    [Symbol.asyncDispose]: async () => {},
  };
}

/** pg-boss with its own worker, which the database's messages wake. */
export async function pgBossNotified(boss: PgBoss, name: string): Promise<Queue> {
  const queue = name.replaceAll(/\W+/g, '_');
  await boss.createQueue(queue, { policy: 'singleton', notify: true });
  const [begun, ended] = [new Tally(), new Tally()];
  let last: string | null = null;
  const isCompleted = async () =>
    last !== null && (await boss.getJobById(queue, last))?.state === 'completed';
  return {
    name,
    start: async () => {
      const id = await boss.work(queue, async () => {
        begun.add();
        ended.add();
      });
      return { [Symbol.asyncDispose]: () => boss.offWork(queue, { id }) };
    },
    submit: async () => {
      last = await boss.send(queue, payload);
    },
    begun: (more) => begun.next(more),
    completed: async (more) => {
      await ended.next(more);
      while (!(await isCompleted())) await wait(5);
    },
    [Symbol.asyncDispose]: async () => {},
  };
}
