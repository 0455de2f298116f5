/** Which tables a migration locked, and how: what others have to wait for while it runs. */
import { type LockMode, lockModes } from './lock-modes.ts';
import { loneStatement } from './lone-statement.ts';
import type { AdminSession } from './owner-transaction.ts';

export type TableLock = {
  /** `schema.table`; a partition counts for the table that it is part of. */
  readonly table: string;
  /** The strongest that was taken. */
  readonly mode: LockMode;
  /** How many of its partitions were locked too. */
  readonly partitions: number;
};

type Relation = {
  readonly oid: string;
  readonly name: string;
  /** The whole table that it is a partition or an index of, else itself. */
  readonly table: string;
  readonly isIndex: boolean;
};

/** The tables and indexes that a database has, by which later locks are told from those on what is new. */
export type Relations = ReadonlyMap<string, Relation>;

export async function readRelations(session: AdminSession): Promise<Relations> {
  const { rows } = await session.query(`
    select c.oid::text as oid, format('%s.%s', n.nspname, c.relname) as name, c.relkind in ('i', 'I') as "isIndex",
           (select format('%s.%s', rn.nspname, r.relname) from pg_class r join pg_namespace rn on rn.oid = r.relnamespace
             where r.oid = coalesce(pg_partition_root(coalesce(i.indrelid, c.oid)), i.indrelid, c.oid)) as table
      from pg_class c join pg_namespace n on n.oid = c.relnamespace left join pg_index i on i.indexrelid = c.oid
     where c.relkind in ('r', 'p', 'm', 'f', 'i', 'I') and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
       and (n.nspname, c.relname) <> ('hub', 'migrations')`);
  return new Map((rows as Relation[]).map((relation) => [relation.oid, relation]));
}

/** What the transaction of a session holds of tables that were there `before`. */
export async function heldLocks(session: AdminSession, before: Relations): Promise<TableLock[]> {
  const { rows } = await session.query(`
    select relation::text as oid, mode from pg_locks
     where locktype = 'relation' and granted and pid = pg_backend_pid()
       and database = (select oid from pg_database where datname = current_database())`);
  return strongest(
    rows.flatMap(({ oid, mode }) => {
      const relation = before.get(String(oid));
      return relation === undefined || relation.isIndex ? [] : [{ relation, mode: mode as LockMode }];
    }),
  );
}

/**
 * What a statement outside of transactions locks, which has let go of it when one could look: by PostgreSQL's
 * documentation. Undefined for statements of which nothing is known here.
 */
export function loneLocks(sql: string, before: Relations): TableLock[] | undefined {
  const { locks } = loneStatement(sql);
  if (locks === undefined) return undefined;
  return strongest(
    locks.flatMap(({ relation: name, mode }) => {
      const relation = [...before.values()].find((known) => isCalled(known.name, name));
      return relation === undefined ? [] : [{ relation, mode }];
    }),
  );
}

function strongest(held: readonly { readonly relation: Relation; readonly mode: LockMode }[]): TableLock[] {
  const byTable = Map.groupBy(held, ({ relation }) => relation.table);
  return [...byTable]
    .map(([table, locks]) => {
      const strength = Math.max(...locks.map(({ mode }) => lockModes.indexOf(mode)));
      const parts = new Set(locks.filter(({ relation }) => !relation.isIndex && relation.name !== table));
      const partitions = new Set([...parts].map(({ relation }) => relation.oid)).size;
      return { table, mode: lockModes[strength] as LockMode, partitions };
    })
    .toSorted(
      (a, b) => lockModes.indexOf(b.mode) - lockModes.indexOf(a.mode) || (a.table < b.table ? -1 : 1),
    );
}

/** Whether a name as it is written in a statement, perhaps quoted or without schema, means `schema.name`. */
function isCalled(full: string, written: string): boolean {
  const parts = [...written.matchAll(/"((?:[^"]|"")+)"|[^\s."]+/g)].map(([word, quoted]) =>
    quoted === undefined ? word.toLowerCase() : quoted.replaceAll('""', '"'),
  );
  return parts.length > 1 ? full === parts.join('.') : full.endsWith(`.${parts[0]}`);
}
