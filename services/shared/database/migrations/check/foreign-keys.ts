import type { Difference } from '../catalog/compare.ts';
import type { AdminSession } from '../owner-transaction.ts';

/** Foreign keys without an index of every row that begins with their columns: each delete of the row they refer to reads the whole table. */
export async function unindexedForeignKeys(session: AdminSession): Promise<Difference[]> {
  const { rows } = await session.query(
    `select format('constraint %I on %I.%I', conname, nspname, relname) as object,
            (select string_agg(attname, ', ' order by i) from unnest(conkey) with ordinality k(n, i) join pg_attribute on attrelid = conrelid and attnum = n) as columns
       from pg_constraint join pg_class c on c.oid = conrelid join pg_namespace n on n.oid = relnamespace
      where contype = 'f' and conparentid = 0 and not relispartition and nspname !~ '^pg_' and nspname <> 'archive'
        and not exists (select from pg_index where indrelid = conrelid and indpred is null and indisvalid
                          and (indkey::int2[])[0:cardinality(conkey) - 1] @> conkey)
      order by 1`,
  );
  return rows.map(({ object, columns }) => ({
    kind: 'unindexed',
    object: String(object),
    sentence: `the ${object} is a foreign key without an index that begins with its columns (${columns}); make one`,
  }));
}
