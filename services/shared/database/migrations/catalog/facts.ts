/** How the queries of the catalog are written: each gives rows of kind, name, parent, facts and details. */

/** A schema that is the hub's business; `n` is pg_namespace. */
export const ours = `n.nspname !~ '^pg_' and n.nspname not in ('information_schema', 'archive')`;

/** Of no extension; `catalog` names the system table that `oid` is of. */
export function byHand(catalog: string, oid: string): string {
  return `not exists (select from pg_depend d where d.classid = '${catalog}'::regclass and d.objid = ${oid} and d.deptype = 'e')`;
}

/** No function that a range type brought along; `p` is pg_proc. */
export const isRoutine = `${byHand('pg_proc', 'p.oid')} and not exists (select from pg_depend d where d.classid = 'pg_proc'::regclass and d.objid = p.oid and d.deptype = 'i')`;

/** No row type of a table; `t` is pg_type. */
export const isType = `${byHand('pg_type', 't.oid')} and (t.typtype in ('e', 'd', 'r') or exists (select from pg_class where oid = t.typrelid and relkind = 'c'))`;

/** Facts as one JSON object of texts; null is left out. */
export function facts(entries: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(entries).map(([name, sql]) => `'${name}', (${sql})::text`);
  return `jsonb_strip_nulls(jsonb_build_object(${pairs.join(', ')})) as facts`;
}

/** What is not compared but needed to write SQL, with its JSON types. */
export function details(entries: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(entries).map(([name, sql]) => `'${name}', ${sql}`);
  return `jsonb_build_object(${pairs.join(', ')}) as details`;
}

export const noDetails = `'{}'::jsonb as details`;

export function comment(oid: string, catalog: string): string {
  return `obj_description(${oid}, '${catalog}')`;
}
