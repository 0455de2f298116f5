import type { AdminSession } from '../migrations/owner-transaction.ts';
import { firstMonth, type LivePartition, livePartitions } from './live-partitions.ts';
import { monthOf, monthText, partitionedTables } from './months.ts';
import { type Coverage, coverageOf, leastMonthsAhead } from './plan.ts';

type TableStatus = {
  readonly table: string;
  readonly monthsAhead: number;
  /** Such as `2027-03`. */
  readonly gaps: readonly string[];
  readonly partitions: readonly LivePartition[];
};

export type PartitionStatus = {
  readonly tables: readonly TableStatus[];
  /** Sentences, each with what to do; none when all is well. */
  readonly faults: readonly string[];
};

/** What partitions there are and whether they are made far enough ahead. Changes nothing. */
export async function partitionStatus(session: AdminSession, now = new Date()): Promise<PartitionStatus> {
  const tables: TableStatus[] = [];
  for (const table of partitionedTables) {
    const partitions = await livePartitions(session, table);
    const { monthsAhead, gaps } = coverageOf(partitions, firstMonth(), monthOf(now));
    tables.push({ table, monthsAhead, gaps: gaps.map(monthText), partitions });
  }
  return { tables, faults: tables.flatMap(faultsOf) };
}

const make = 'run `npx qhub db partitions create`';

function faultsOf({ table, monthsAhead, gaps, partitions }: TableStatus): string[] {
  const name = `execution.${table}`;
  const pending = partitions.filter(({ detachPending }) => detachPending).map((partition) => partition.name);
  return [
    ...(monthsAhead < leastMonthsAhead ? [aheadSentence(name, monthsAhead)] : []),
    ...(gaps.length > 0 ? [`${name} has no partition for ${gaps.join(', ')}; ${make}`] : []),
    ...pending.map(
      (partition) =>
        `the detaching of execution.${partition} was cut off; run \`npx qhub db partitions detach\` again`,
    ),
  ];
}

function aheadSentence(name: string, monthsAhead: Coverage['monthsAhead']): string {
  if (monthsAhead < 0) return `${name} has no partition for this month, so rows are refused; ${make}`;
  const months = `${monthsAhead} ${monthsAhead === 1 ? 'month' : 'months'}`;
  return `${name} has partitions for ${months} ahead; expected at least ${leastMonthsAhead}: ${make}`;
}
