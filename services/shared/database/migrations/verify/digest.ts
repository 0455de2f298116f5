import type { AdminSession } from '../owner-transaction.ts';
import { readTables } from './table-facts.ts';

/** One digest a table, of all its rows in any order. */
export type Digests = ReadonlyMap<string, string>;

/**
 * Columns are told by name, not by place. `updated_at` is left out: the database sets it whenever a row changes, also
 * when a change and its way back leave all else as it was.
 */
export async function readDigests(session: AdminSession): Promise<Digests> {
  const digests = new Map<string, string>();
  for (const { name } of await readTables(session)) {
    const { rows } = await session.query(
      `select count(*) || ' rows ' || coalesce(md5(string_agg(row, '' order by row)), '') as digest
         from (select md5((to_jsonb(t) - 'updated_at')::text) as row from ${name} t) r`,
    );
    digests.set(name, String(rows[0]?.digest));
  }
  return digests;
}

/** Tables whose rows are others than before. A table that came or went is the business of the schema. */
export function changedTables(before: Digests, after: Digests): string[] {
  return [...before.keys()].filter((name) => after.has(name) && before.get(name) !== after.get(name));
}
