import type { AdminSession } from '../migrations/owner-transaction.ts';
import { inOwnersTransaction } from '../migrations/owner-transaction.ts';
import { firstPartitionMonth } from '../models/execution/partitioning.ts';
import { backupRole } from '../provision/roles.ts';
import {
  addMonths,
  type Month,
  monthOf,
  monthsBetween,
  type Partition,
  partitionedTables,
  partitionOf,
} from './months.ts';

export const defaultMonthsAhead = 12;

/**
 * Makes the monthly partitions that are missing, from the hub's first month to `monthsAhead` months after `now`,
 * and gives their names. Safe to run at any time and twice at once. There is no DEFAULT partition (ADR 0001), so an
 * id beyond the last partition is refused: run it on a schedule, or at each start.
 *
 * A new partition is made beside its parent and then attached, which stops no reader (`create table ... partition of`
 * stops them all). Its foreign keys make it stop writers of the tables they lead to, users and jobs among them, and wait
 * for those that are at work: so each partition has a transaction of its own, some milliseconds long.
 */
export async function createPartitions(
  session: AdminSession,
  { now = new Date(), monthsAhead = defaultMonthsAhead }: { now?: Date; monthsAhead?: number } = {},
): Promise<string[]> {
  const months = monthsBetween(firstMonth(), addMonths(monthOf(now), monthsAhead));
  const created: string[] = [];
  for (const table of partitionedTables) {
    const existing = await partitionsOf(session, table);
    for (const month of months) {
      const partition = partitionOf(table, month);
      if (existing.has(partition.name)) continue;
      const isNew = await inOwnersTransaction(session, async () => {
        // Somebody else may have made it since.
        if ((await partitionsOf(session, table)).has(partition.name)) return false;
        await attachNew(session, table, partition);
        return true;
      });
      if (isNew) created.push(partition.name);
    }
  }
  return created;
}

function firstMonth(): Month {
  return monthOf(new Date(`${firstPartitionMonth}-01T00:00:00Z`));
}

async function partitionsOf(session: AdminSession, table: string): Promise<Set<string>> {
  const { rows } = await session.query(
    `select c.relname as name from pg_inherits i join pg_class c on c.oid = i.inhrelid
      where i.inhparent = $1::regclass`,
    [`execution.${table}`],
  );
  return new Set(rows.map(({ name }) => String(name)));
}

async function attachNew(session: AdminSession, table: string, { name, from, to }: Partition): Promise<void> {
  await session.query(
    `create table execution.${name} (like execution.${table} including all);` +
      `alter table execution.${table} attach partition execution.${name} for values from ('${from}') to ('${to}');` +
      // pg_dump reads each partition by itself; all other roles come through the parent.
      `grant select on execution.${name} to ${backupRole}`,
  );
}
