/**
 * Brings back what models don't say and a change took along: rights, comments, storage parameters, views, rules,
 * statistics. Found by comparison with what should be there, so that nobody has to foresee what a statement drops.
 */
import { compareInventories, type Difference } from '../catalog/compare.ts';
import { type CatalogObject, type Inventory, keyOf } from '../catalog/inventory.ts';
import { literal } from './change.ts';
import { byDependency } from './loose-objects.ts';

/** Statements that lead from what is found towards `target`. What comes back only after these is found next time. */
export function mendings(target: Inventory, found: Inventory): string[] {
  const differences = compareInventories(target, found);
  const missing = differences.flatMap(({ kind, object }) =>
    kind === 'missing' ? (target.get(object) ?? []) : [],
  );
  const made = byDependency(missing).flatMap((object) => makeSql(object) ?? []);
  const others = differences.flatMap((difference) => {
    const object = found.get(difference.object);
    if (object === undefined) return [];
    if (difference.kind === 'extra') return object.kind === 'grant' ? [revokeSql(object)] : [];
    return difference.kind === 'changed' ? (alterSql(object, difference) ?? []) : [];
  });
  return [...made, ...others];
}

/** The name of a grant is the statement, but for views, which SQL calls tables there. */
function grantSql(object: CatalogObject): string {
  return keyOf(object)
    .replace(/ on (materialized view|view|foreign table) /, ' on table ')
    .replace(' on aggregate ', ' on function ');
}

function revokeSql(object: CatalogObject): string {
  return grantSql(object)
    .replace(/^grant/, 'revoke')
    .replace(/ to (?=("[^"]*"|\S+)$)/, ' from ');
}

function makeSql(object: CatalogObject): string | undefined {
  const { kind, name, facts, parent } = object;
  const options = facts['storage parameters'];
  switch (kind) {
    case 'view':
    case 'materialized view':
      return `create ${kind} ${name}${options ? ` with (${options})` : ''} as\n${facts['view definition']?.replace(/;$/, '')}`;
    case 'rule':
    case 'statistics':
    case 'trigger':
      return facts.definition?.replace(/;$/, '');
    case 'index':
      return parent?.startsWith('materialized view') ? facts.definition : undefined;
    case 'grant':
      return `${grantSql(object)}${facts['with grant option'] ? ' with grant option' : ''}`;
    default:
      return undefined;
  }
}

function alterSql(object: CatalogObject, { fact = '', expected }: Difference): string | undefined {
  const { kind, name, parent } = object;
  if (fact === 'comment') {
    return `comment on ${keyOf(object)} is ${expected === undefined ? 'null' : literal(expected)}`;
  }
  if (fact === 'owner') return `alter ${kind} ${name} owner to ${expected}`;
  if (kind === 'sequence' && fact === 'owned by')
    return `alter sequence ${name} owned by ${expected ?? 'none'}`;
  if (kind === 'statistics' && fact === 'target') {
    return `alter statistics ${name} set statistics ${expected ?? -1}`;
  }
  if (kind === 'column') return alterColumnSql(object, fact, expected);
  if (kind === 'index' && expected === 'yes') {
    const table = (parent ?? '').replace(/^constraint .* on /, '').replace(/^(table|materialized view) /, '');
    const bare = name.replace(/^("[^"]*"|[^."]+)\./, '');
    if (fact === 'clustered') return `alter table ${table} cluster on ${bare}`;
    if (fact === 'replica identity') return `alter table ${table} replica identity using index ${bare}`;
  }
  return alterTableSql(object, fact, expected);
}

const replicaIdentities: Readonly<Record<string, string>> = { n: 'nothing', f: 'full' };

function alterTableSql(
  { kind, name, facts }: CatalogObject,
  fact: string,
  expected: string | undefined,
): string | undefined {
  const alter = `alter ${kind} ${name}`;
  if (fact === 'storage parameters') {
    const wanted = expected?.split(', ') ?? [];
    const idle = (facts[fact]?.split(', ') ?? []).filter((option) => !wanted.includes(option));
    const reset = idle.map((option) => option.replace(/=.*/, '')).join(', ');
    return [reset && `${alter} reset (${reset})`, expected && `${alter} set (${expected})`]
      .filter(Boolean)
      .join(';\n');
  }
  if (kind !== 'table') return undefined;
  if (fact === 'persistence') return `${alter} set ${expected ?? 'logged'}`;
  // One by an index is that index's fact.
  if (fact !== 'replica identity' || expected === 'i') return undefined;
  return `${alter} replica identity ${replicaIdentities[expected ?? ''] ?? 'default'}`;
}

function alterColumnSql(
  { parent, details }: CatalogObject,
  fact: string,
  expected: string | undefined,
): string | undefined {
  if (expected === undefined) return undefined;
  const alter = `alter ${parent} alter column "${String(details.name).replaceAll('"', '""')}" set`;
  if (fact === 'storage' || fact === 'compression') return `${alter} ${fact} ${expected}`;
  if (fact === 'statistics target') return `${alter} statistics ${expected}`;
  return fact === 'options' ? `${alter} (${expected})` : undefined;
}
