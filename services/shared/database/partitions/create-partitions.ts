import { hubError } from '@quantum-hub/kernel';
import { lockTimeout, patiently } from '../connection/patience.ts';
import type { AdminSession } from '../migrations/owner-transaction.ts';
import { inOwnersTransaction } from '../migrations/owner-transaction.ts';
import { backupRole } from '../provision/roles.ts';
import { firstMonth, livePartitions } from './live-partitions.ts';
import {
  addMonths,
  type Month,
  monthIndex,
  monthOf,
  type Partition,
  partitionedTables,
  partitionOf,
} from './months.ts';
import { missingMonths } from './plan.ts';

export const defaultMonthsAhead = 12;

/**
 * Makes the monthly partitions that are missing, up to `monthsAhead` months after `now`, and gives their names; months
 * that were detached stay away. Safe to run at any time and many at once. There is no DEFAULT partition (ADR 0001), so an
 * id beyond the last partition is refused: run it on a schedule, or at each start.
 *
 * A new partition is made beside its parent and then attached, which stops no reader (`create table ... partition of`
 * stops them all). Its foreign keys make it stop writers of the tables they lead to, users and jobs among them, and wait
 * for those that are at work: so each partition has a transaction of its own, some milliseconds long, and waits in short
 * attempts. Throws `database.partition_busy` when a lock that it needs stays taken for `patienceMs`.
 */
export async function createPartitions(
  session: AdminSession,
  {
    now = new Date(),
    monthsAhead = defaultMonthsAhead,
    patienceMs = 60_000,
  }: { now?: Date; monthsAhead?: number; patienceMs?: number } = {},
): Promise<string[]> {
  const last = addMonths(monthOf(now), monthsAhead);
  const created: string[] = [];
  for (const table of partitionedTables) {
    const onGivenUp = (cause: unknown) =>
      hubError('database.partition_busy', { table: `execution.${table}`, waitedMs: patienceMs }, { cause });
    for (const month of await missing(session, table, last)) {
      const make = () => inOwnersTransaction(session, () => makeMonth(session, table, month, last));
      const name = await patiently(make, { patienceMs, onGivenUp });
      if (name !== undefined) created.push(name);
    }
  }
  return created;
}

async function missing(session: AdminSession, table: string, last: Month): Promise<Month[]> {
  return missingMonths(await livePartitions(session, table), firstMonth(), last);
}

/** Gives the new partition's name; undefined where somebody else has made it since. */
async function makeMonth(
  session: AdminSession,
  table: string,
  month: Month,
  last: Month,
): Promise<string | undefined> {
  await session.query(`set local lock_timeout = '${lockTimeout}'`);
  const stillMissing = (await missing(session, table, last)).map(monthIndex);
  if (!stillMissing.includes(monthIndex(month))) return undefined;
  const partition = partitionOf(table, month);
  await attachNew(session, table, partition);
  return partition.name;
}

async function attachNew(session: AdminSession, table: string, { name, from, to }: Partition): Promise<void> {
  await session.query(
    `create table execution.${name} (like execution.${table} including all);` +
      `alter table execution.${table} attach partition execution.${name} for values from ('${from}') to ('${to}');` +
      // pg_dump reads each partition by itself; all other roles come through the parent.
      `grant select on execution.${name} to ${backupRole}`,
  );
}
