import { openTestExecution } from '../services/execution/test-execution.ts';
import { type Comparison, machine, type Run } from './harness/report.ts';
import { claimUnderBacklog } from './queues/claim-under-backlog.ts';
import { jobsPerSecond } from './queues/jobs-per-second.ts';
import { startPgBoss } from './queues/pg-boss-queue.ts';
import { type QueueSizes, queueSizes } from './queues/sizes.ts';
import { startLatency } from './queues/start-latency.ts';
import { readsPerSecond } from './server/reads-per-second.ts';
import { serverSizes } from './server/sizes.ts';

/** Measures everything in turn and hands each comparison over as soon as it is there. */
export async function measureHub(
  size: 'quick' | 'usual',
  onComparison: (comparison: Comparison) => void,
): Promise<Run> {
  const comparisons: Comparison[] = [];
  const add = (comparison: Comparison) => {
    comparisons.push(comparison);
    onComparison(comparison);
  };
  const postgres = await measureQueues(queueSizes[size], add);
  add(await claimUnderBacklog(queueSizes[size]));
  for (const comparison of await readsPerSecond(serverSizes[size])) add(comparison);
  return { date: new Date().toISOString(), machine: machine(postgres), comparisons };
}

async function measureQueues(sizes: QueueSizes, add: (comparison: Comparison) => void): Promise<string> {
  await using execution = await openTestExecution();
  const boss = await startPgBoss(execution.test.administrator);
  try {
    const place = { execution, boss };
    for (const comparison of await jobsPerSecond(place, sizes)) add(comparison);
    add(await startLatency(place, sizes));
    return (await execution.row<{ server_version: string }>('show server_version')).server_version;
  } finally {
    await boss.stop({ graceful: false });
  }
}
