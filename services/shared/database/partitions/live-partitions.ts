/** The partitions that a database has, read from its catalog. */
import { uuidv7Timestamp } from '@quantum-hub/kernel';
import type { AdminSession } from '../migrations/owner-transaction.ts';
import { firstPartitionMonth } from '../models/execution/partitioning.ts';
import { type Month, monthOf } from './months.ts';
import type { Span } from './plan.ts';

export type LivePartition = Span & {
  readonly name: string;
  /** First id inside; undefined: no lower bound. */
  readonly fromId: string | undefined;
  /** First id after. */
  readonly toId: string;
  /** A `detach concurrently` was cut off: it has to be finalized. */
  readonly detachPending: boolean;
  /** PostgreSQL's estimate; undefined before the first ANALYZE. */
  readonly rows: number | undefined;
  /** With its indexes. */
  readonly bytes: number;
};

/** The month that the first monthly partition holds. */
export function firstMonth(): Month {
  return monthOf(new Date(`${firstPartitionMonth}-01T00:00:00Z`));
}

/** Oldest first. Reads nothing but the catalog, which takes no right to the tables. */
export async function livePartitions(session: AdminSession, table: string): Promise<LivePartition[]> {
  const { rows } = await session.query(
    `select c.relname as name, inhdetachpending as pending, nullif(reltuples, -1)::float8 as rows,
            pg_total_relation_size(c.oid)::float8 as bytes,
            regexp_match(pg_get_expr(relpartbound, c.oid), 'FROM \\(''?([^'')]+)''?\\) TO \\(''([^'')]+)''\\)') as bounds
       from pg_inherits join pg_class c on c.oid = inhrelid
      where inhparent = (select oid from pg_class where relnamespace = 'execution'::regnamespace and relname = $1)`,
    [table],
  );
  return rows.map(toPartition).toSorted((a, b) => (a.toId < b.toId ? -1 : 1));
}

function toPartition(row: Record<string, unknown>): LivePartition {
  const [from, toId] = row.bounds as [string, string];
  const fromId = from === 'MINVALUE' ? undefined : from;
  return {
    name: String(row.name),
    fromId,
    toId,
    from: fromId === undefined ? undefined : monthOf(uuidv7Timestamp(fromId)),
    to: monthOf(uuidv7Timestamp(toId)),
    detachPending: row.pending === true,
    rows: row.rows === null ? undefined : Number(row.rows),
    bytes: Number(row.bytes),
  };
}
