import type { AdminSession } from '../../migrations/owner-transaction.ts';
import type { Contents } from '../manifest/manifest.ts';

type Table = Contents['tables'][string];

/** A name beside those of tables, which have their schema before a dot. */
export const largeObjects = 'large objects';

/** All tables that hold rows: partitions, and no partitioned ones. Quoted, with their schemas. */
export async function readTableNames(session: AdminSession): Promise<string[]> {
  const { rows } = await session.query(
    `select format('%I.%I', n.nspname, c.relname) as name
       from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where c.relkind = 'r' and c.relpersistence <> 't'
        and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
        and not exists (select from pg_depend d where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype = 'e')
      order by 1`,
  );
  return rows.map(({ name }) => String(name));
}

/**
 * The rows of a table and a digest of them, the same in any order: the sum of 64 bits of each row's SHA-256. On 15.18
 * that took as long as printing the rows did (165 MB: 1.1 s, of which 1.2 s and 0.06 s were printing and reading);
 * MD5 took a quarter longer. Generated columns count, dropped ones don't.
 */
export async function digestTable(session: AdminSession, name: string): Promise<Table> {
  return await digest(session, `convert_to((r.*)::text, 'UTF8')`, `only ${name} r`);
}

/** The same of all large objects; undefined where there are none. */
export async function digestLargeObjects(session: AdminSession): Promise<Table | undefined> {
  const { rows } = await session.query('select exists (select from pg_largeobject_metadata) as some');
  if (rows[0]?.some !== true) return undefined;
  return await digest(session, `int8send(r.oid::bigint) || lo_get(r.oid)`, 'pg_largeobject_metadata r');
}

async function digest(session: AdminSession, bytes: string, from: string): Promise<Table> {
  const { rows } = await session.query(
    `select count(*)::text as rows,
       coalesce(sum(('x' || left(encode(sha256(${bytes}), 'hex'), 16))::bit(64)::bigint), 0)::text as digest
     from ${from}`,
  );
  return { rows: Number(rows[0]?.rows), digest: String(rows[0]?.digest) };
}

/** Values of all sequences. They belong to no transaction: what is read is true now, and not at the snapshot's moment. */
export async function readSequences(session: AdminSession): Promise<ReadonlyMap<string, string>> {
  const { rows } = await session.query(
    `select format('%I.%I', n.nspname, c.relname) as name
       from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where c.relkind = 'S' and c.relpersistence <> 't' and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
        and not exists (select from pg_depend d where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype = 'e')
      order by 1`,
  );
  const values = new Map<string, string>();
  for (const { name } of rows) {
    const { rows: read } = await session.query(
      `select last_value || case when is_called then '' else ' next' end as value from ${name}`,
    );
    values.set(String(name), String(read[0]?.value));
  }
  return values;
}
