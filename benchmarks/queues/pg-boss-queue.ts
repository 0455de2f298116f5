import { setTimeout as wait } from 'node:timers/promises';
import type { TestAddress } from '@quantum-hub/database/testing';
import { PgBoss } from 'pg-boss';
import { Loops } from './loops.ts';
import { type Queue, Tally } from './queue.ts';

/** What a job carries: as much as an entry of the hub's queue says of itself. */
const payload = { program: 'a'.repeat(100) };

export async function startPgBoss(administrator: TestAddress): Promise<PgBoss> {
  const boss = new PgBoss({ ...administrator, max: 10, useListenNotify: true });
  boss.on('error', (error) => {
    throw error;
  });
  return await boss.start();
}

/**
 * pg-boss with loops that fetch one job each. `singleton`: its policy by which a unique index lets one job of the queue be active, in
 * all processes; completed jobs are kept, which is its default. (Its own `work` takes one job per poll, twice a second at most.)
 */
export async function pgBossQueue(
  boss: PgBoss,
  name: string,
  policy: 'standard' | 'singleton',
  atOnce: number,
): Promise<Queue> {
  const queue = name.replaceAll(/\W+/g, '_');
  await boss.createQueue(queue, { policy });
  const loops = new Loops(async (begin) => {
    const [job] = await boss.fetch(queue, { includeMetadata: true });
    if (!job) return false;
    begin();
    // With the number of the try: a consumer that lost the job completes nothing.
    await boss.complete(queue, { id: job.id, retryCount: job.retryCount }, { counts: { '00': 100 } });
    return true;
  });
  return {
    name,
    start: async () => loops.start(atOnce),
    submit: async () => {
      await boss.send(queue, payload);
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
