/** What the catalog says of tables that are to be filled. */
import type { AdminSession } from '../owner-transaction.ts';

export type ColumnFacts = {
  readonly name: string;
  readonly type: string;
  readonly notNull: boolean;
  /** Of an enum. */
  readonly labels: readonly string[];
};

export type CheckFacts = { readonly columns: readonly string[]; readonly expression: string };

export type ForeignKeyFacts = {
  readonly columns: readonly string[];
  /** Quoted, with its schema. */
  readonly references: string;
  readonly referenced: readonly string[];
};

export type TableFacts = {
  /** Quoted, with its schema. */
  readonly name: string;
  /** Those that a statement may write. */
  readonly columns: readonly ColumnFacts[];
  readonly checks: readonly CheckFacts[];
  readonly foreignKeys: readonly ForeignKeyFacts[];
};

const names = (numbers: string, table: string) =>
  `(select json_agg(attname order by i) from unnest(${numbers}) with ordinality k(n, i) join pg_attribute on attrelid = ${table} and attnum = n)`;

/** All tables of the hub but partitions and the runner's bookkeeping. */
export async function readTables(session: AdminSession): Promise<TableFacts[]> {
  const { rows } = await session.query(`
    select format('%I.%I', nspname, relname) as name,
      (select coalesce(json_agg(json_build_object('name', attname, 'type', format_type(coalesce(nullif(t.typbasetype, 0), t.oid), atttypmod),
          'notNull', attnotnull or t.typnotnull, 'labels', (select coalesce(json_agg(enumlabel order by enumsortorder), '[]') from pg_enum where enumtypid = t.oid))
          order by attnum), '[]')
         from pg_attribute join pg_type t on t.oid = atttypid
        where attrelid = c.oid and attnum > 0 and not attisdropped and attgenerated = '' and attidentity = '') as columns,
      (select coalesce(json_agg(json_build_object('columns', ${names('conkey', 'conrelid')}, 'expression', pg_get_expr(conbin, conrelid)) order by conname), '[]')
         from pg_constraint where conrelid = c.oid and contype = 'c') as checks,
      (select coalesce(json_agg(json_build_object('columns', ${names('conkey', 'conrelid')}, 'references', (select format('%I.%I', rn.nspname, r.relname)
          from pg_class r join pg_namespace rn on rn.oid = r.relnamespace where r.oid = confrelid), 'referenced', ${names('confkey', 'confrelid')})), '[]')
         from pg_constraint where conrelid = c.oid and contype = 'f' and conparentid = 0) as "foreignKeys"
      from pg_class c join pg_namespace n on n.oid = relnamespace
     where relkind in ('r', 'p') and not relispartition and nspname !~ '^pg_' and nspname not in ('information_schema', 'archive')
       and c.oid is distinct from to_regclass('hub.migrations')
     order by 1`);
  return rows as TableFacts[];
}
