import type { PgBoss } from 'pg-boss';
import type { TestExecution } from '../../services/execution/test-execution.ts';
import { type Contender, compare, type Measured, type Plan } from '../harness/compare.ts';
import type { Comparison } from '../harness/report.ts';
import { graphileQueue } from './graphile-queue.ts';
import { hubQueue } from './hub-queue.ts';
import { openPeerPool } from './peer-history.ts';
import { pgBossQueue, pgBossWithHistory } from './pg-boss-queue.ts';
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
  return [
    await atEqualGuarantees(place, sizes),
    await oneAtATime(place, sizes),
    await manyAtOnce(place, sizes),
  ];
}

/** Workers that compete for the one job that may run: a limit within one worker needs no database. */
const workers = 2;

/** One job runs at most, over all workers, and the same history is kept: every change and every try a row. */
async function atEqualGuarantees(
  { execution, boss }: Place,
  { throughput }: QueueSizes,
): Promise<Comparison> {
  const { administrator } = execution.test;
  await using stack = new AsyncDisposableStack();
  const pool = openPeerPool(administrator, 10 + workers);
  stack.defer(() => pool.end());
  const bare = await skipLockedQueue(execution, 1);
  const hub = stack.use(await hubQueue(execution, 1, workers));
  const singleton = { policy: 'singleton', loops: workers } as const;
  const pgBoss = await pgBossWithHistory(boss, pool, 'pg-boss, singleton queue, same history', singleton);
  const named = {
    name: 'graphile-worker, named queue, same history',
    schema: 'graphile_equal',
    serial: true,
    history: 'changes',
    workers,
    atOnce: 1,
  } as const;
  const graphile = stack.use(await graphileQueue(administrator, named));
  const { plan, rows } = await batches([bare, hub, pgBoss, graphile], throughput);
  return {
    title: `jobs a second, one running at a time on ${workers} workers, every change and try a row`,
    plan,
    rows,
    aims: [
      { what: 'the hub against the plain loop', value: against(rows, hub, bare), atLeast: ofBareLoop },
      { what: 'the hub against pg-boss', value: against(rows, hub, pgBoss), atLeast: 1 },
      { what: 'the hub against graphile-worker', value: against(rows, hub, graphile), atLeast: 1 },
    ],
    notes: [
      'plain loop: one loop, no limit, no lease, no history; the peers have no fair share, no limits of users, no row security, no checks;',
      "pg-boss: loops of fetch and complete, history in the transaction of each change; graphile-worker: start and end beside its own (tasks can't join it).",
    ],
  };
}

/** For information: one worker, and what the peers keep by themselves. */
async function oneAtATime({ execution, boss }: Place, { throughput }: QueueSizes): Promise<Comparison> {
  const { administrator } = execution.test;
  await using stack = new AsyncDisposableStack();
  const bare = await skipLockedQueue(execution, 1);
  const hub = stack.use(await hubQueue(execution, 1));
  const singleton = { policy: 'singleton', loops: 1 } as const;
  const pgBoss = await pgBossQueue(boss, 'pg-boss, singleton queue', singleton);
  const named = {
    name: 'graphile-worker, named queue, a row kept',
    schema: 'graphile_serial',
    serial: true,
    history: 'row',
    atOnce: 1,
  } as const;
  const graphile = stack.use(await graphileQueue(administrator, named));
  const { plan, rows } = await batches([bare, hub, pgBoss, graphile], throughput);
  return {
    title: 'jobs a second, one running at a time on one worker, the peers with a row a job',
    plan,
    rows,
    aims: [{ what: 'the hub against the plain loop', value: against(rows, hub, bare), atLeast: ofBareLoop }],
    notes: [
      'pg-boss: one loop of fetch and complete (its work() takes two jobs a second);',
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
  const options = { policy: 'standard', loops: atOnce } as const;
  const standard = await pgBossQueue(boss, 'pg-boss, standard queue', options);
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
