import { type Contender, compare, type Measured } from '../harness/compare.ts';
import type { Comparison } from '../harness/report.ts';
import { graphileQueue } from './graphile-queue.ts';
import { hubQueue } from './hub-queue.ts';
import type { Place } from './jobs-per-second.ts';
import { pgBossNotified } from './pg-boss-queue.ts';
import type { Queue } from './queue.ts';
import type { QueueSizes } from './sizes.ts';
import { Turns } from './turns.ts';

/**
 * (b) From the call that submits a job to the device being asked to run it, on a queue with nothing else to do: the worker learns of
 * it by a message of the database. One job after the other; the one before is completed and not counted.
 */
export async function startLatency({ execution, boss }: Place, sizes: QueueSizes): Promise<Comparison> {
  await using stack = new AsyncDisposableStack();
  const serial = {
    schema: 'graphile_latency',
    serial: true,
    history: 'row',
    atOnce: 1,
    pollMs: 2000,
  } as const;
  const queues = [
    stack.use(await hubQueue(execution, 1)),
    stack.use(
      await graphileQueue(execution.test.administrator, { ...serial, name: 'graphile-worker, named queue' }),
    ),
    await pgBossNotified(boss, 'pg-boss, notified'),
  ];
  const turns = stack.use(new Turns());
  const running: Running = new Map();
  const plan = { ...sizes.latency, concurrency: 1 };
  const rows = await compare(
    queues.map((queue) => oneByOne(queue, turns, running)),
    plan,
  );
  await Promise.all(running.values());
  const [hub, ...peers] = rows as [Measured, ...Measured[]];
  return {
    title: 'from submit to running, nothing else to do',
    plan,
    rows,
    aims: peers.flatMap(({ name, p50Ms, p95Ms }) => [
      { what: `p50 against ${name}`, value: hub.p50Ms / p50Ms, atMost: 1 },
      { what: `p95 against ${name}`, value: hub.p95Ms / p95Ms, atMost: 1 },
    ]),
  };
}

/** What still runs of each queue's last job. */
type Running = Map<Queue, Promise<void>>;

function oneByOne(queue: Queue, turns: Turns, running: Running): Contender {
  return {
    name: queue.name,
    prepare: async () => {
      await Promise.all(running.values());
      await turns.to(queue);
      running.set(queue, queue.completed(1));
    },
    run: async () => {
      const begun = queue.begun(1);
      await Promise.all([queue.submit(), begun]);
    },
  };
}
