import type { PgBoss } from 'pg-boss';
import type { TestExecution } from '../../services/execution/test-execution.ts';
import { type Contender, compare, type Measured, type Plan } from '../harness/compare.ts';
import type { Comparison } from '../harness/report.ts';
import { graphileQueue } from './graphile-queue.ts';
import { hubQueue } from './hub-queue.ts';
import { pgBossQueue } from './pg-boss-queue.ts';
import type { Queue } from './queue.ts';
import type { QueueSizes } from './sizes.ts';
import { skipLockedQueue } from './skip-locked-queue.ts';
import { Turns } from './turns.ts';

/** Jobs that are submitted at once; also what a queue without a limit runs at once. */
const atOnce = 8;
/** What the hub shall reach of a loop that guarantees nothing. */
const ofBareLoop = 0.25;

export interface Place {
  readonly execution: TestExecution;
  readonly boss: PgBoss;
}

/** (a) Jobs a second through submit, claim and complete, while other jobs are submitted, until the last one is completed. */
export async function jobsPerSecond(place: Place, sizes: QueueSizes): Promise<Comparison[]> {
  return [await oneAtATime(place, sizes), await manyAtOnce(place, sizes)];
}

/** At equal guarantees: one job runs at most, over all processes, and what was run is kept. */
async function oneAtATime({ execution, boss }: Place, { throughput }: QueueSizes): Promise<Comparison> {
  const { administrator } = execution.test;
  await using stack = new AsyncDisposableStack();
  const bare = await skipLockedQueue(execution, 1);
  const hub = stack.use(await hubQueue(execution, 1));
  const singleton = await pgBossQueue(boss, 'pg-boss, singleton queue', 'singleton', 1);
  const serial = {
    name: 'graphile-worker, named queue, history',
    schema: 'graphile_serial',
    serial: true,
    atOnce: 1,
  };
  const named = stack.use(await graphileQueue(administrator, serial));
  const { plan, rows } = await batches([bare, hub, singleton, named], throughput);
  return {
    title: 'jobs a second, one running at a time, history kept',
    plan,
    rows,
    aims: [
      { what: 'the hub against the plain loop', value: against(rows, hub, bare), atLeast: ofBareLoop },
      { what: 'the hub against pg-boss', value: against(rows, hub, singleton), atLeast: 1 },
      { what: 'the hub against graphile-worker', value: against(rows, hub, named), atLeast: 1 },
    ],
    notes: [
      'plain loop: one loop, no limit, no lease, no history; pg-boss: one loop of fetch and complete (its work() takes two jobs a second);',
      'graphile-worker: polls every millisecond, since a worker that finds its named queue locked sleeps until the next poll (2 s by default).',
    ],
  };
}

/** For information: the peers without limit, graphile-worker without history; the hub keeps all that it promises. */
async function manyAtOnce({ execution, boss }: Place, { throughput }: QueueSizes): Promise<Comparison> {
  const { administrator } = execution.test;
  await using stack = new AsyncDisposableStack();
  const bare = await skipLockedQueue(execution, atOnce);
  const hub = stack.use(await hubQueue(execution, atOnce));
  const standard = await pgBossQueue(boss, 'pg-boss, standard queue', 'standard', atOnce);
  const plain = { name: 'graphile-worker', schema: 'graphile_plain', serial: false, atOnce };
  const deleting = stack.use(await graphileQueue(administrator, plain));
  const { plan, rows } = await batches([bare, hub, standard, deleting], throughput);
  return {
    title: `jobs a second, ${atOnce} running at once`,
    plan,
    rows,
    aims: [{ what: 'the hub against the plain loop', value: against(rows, hub, bare), atLeast: ofBareLoop }],
    notes: [
      'pg-boss and graphile-worker as they are by default: no limit; graphile-worker deletes what is done.',
    ],
  };
}

function against(rows: readonly Measured[], one: Queue, other: Queue): number {
  const ratioOf = (queue: Queue) => rows.find(({ name }) => name === queue.name)?.ratio ?? Number.NaN;
  return ratioOf(one) / ratioOf(other);
}

async function batches(
  queues: readonly Queue[],
  { rounds, jobs }: QueueSizes['throughput'],
): Promise<{ plan: Plan; rows: Measured[] }> {
  await using turns = new Turns();
  const contenders: Contender[] = queues.map((queue) => ({
    name: queue.name,
    prepare: () => turns.to(queue),
    run: () => runBatch(queue, jobs),
  }));
  const plan = { rounds, roundMs: 1, concurrency: 1 };
  const rows = await compare(contenders, plan);
  return { plan: { ...plan, concurrency: atOnce }, rows: rows.map((row) => perJob(row, jobs)) };
}

async function runBatch(queue: Queue, jobs: number): Promise<void> {
  const completed = queue.completed(jobs);
  let left = jobs;
  const submitter = async () => {
    while (left-- > 0) await queue.submit();
  };
  await Promise.all([completed, ...Array.from({ length: atOnce }, submitter)]);
}

/** A batch is measured; a job is told of. */
function perJob(row: Measured, jobs: number): Measured {
  return { ...row, perSecond: row.perSecond * jobs, p50Ms: row.p50Ms / jobs, p95Ms: row.p95Ms / jobs };
}
