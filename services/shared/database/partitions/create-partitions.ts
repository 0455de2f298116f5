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
 * A new partition is made beside its parent and then attached: attaching takes no lock that stops readers or writers,
 * where `create table ... partition of` would stop them all.
 */
export async function createPartitions(
  session: AdminSession,
  { now = new Date(), monthsAhead = defaultMonthsAhead }: { now?: Date; monthsAhead?: number } = {},
): Promise<string[]> {
  const months = monthsBetween(firstMonth(), addMonths(monthOf(now), monthsAhead));
  const created: string[] = [];
  for (const table of partitionedTables) {
    await inOwnersTransaction(session, async () => {
      const existing = await partitionsOf(session, table);
      for (const month of months) {
        const partition = partitionOf(table, month);
        if (existing.has(partition.name)) continue;
        await attachNew(session, table, partition);
        created.push(partition.name);
      }
    });
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
