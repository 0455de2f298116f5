/** What lies beside tables: types and sequences that columns need, views and rules that stand in their way. */
import { type CatalogObject, type Inventory, keyOf } from '../catalog/inventory.ts';
import type { Change } from './change.ts';
import { mentions } from './column-changes.ts';

/** Made before tables: `create type`, `create domain`, `create sequence`. */
export function neededFirst(from: Inventory, to: Inventory): Change[] {
  return missingOf(from, to).flatMap((object) => {
    const sql = baseSql(object);
    return sql === undefined ? [] : [{ table: object.name, sql }];
  });
}

/** Dropped after tables and columns. A sequence that a column owns went with it. */
export function neededLast(from: Inventory, to: Inventory): Change[] {
  return missingOf(to, from)
    .filter((object) => baseSql(object) !== undefined && object.facts['owned by'] === undefined)
    .map(({ kind, name }) => ({ table: name, sql: `drop ${kind} ${name}` }));
}

function missingOf(here: Inventory, there: Inventory): CatalogObject[] {
  return [...there.values()].filter((object) => !here.has(keyOf(object)));
}

/** Undefined for what is no such thing, and for a range, which nobody here has yet. */
function baseSql({ kind, name, facts, details }: CatalogObject): string | undefined {
  if (kind === 'sequence' && details.isIdentity !== true)
    return `create sequence ${name} ${facts.definition}`;
  if (kind === 'domain') {
    const { collation, default: value, checks } = facts;
    const rules = [collation && `collate ${collation}`, value && `default ${value}`];
    return [
      `create domain ${name} as ${facts['base type']}`,
      ...rules,
      facts['not null'] && 'not null',
      checks,
    ]
      .filter(Boolean)
      .join(' ');
  }
  if (kind !== 'type' || facts.range !== undefined) return undefined;
  const isEnum = facts.values !== undefined;
  return `create type ${name} as ${isEnum ? `enum (${facts.values})` : `(${facts.attributes ?? ''})`}`;
}

const dependents = ['view', 'materialized view', 'rule'];

/**
 * Views and rules that go before columns change: those that are gone or others, those that read a column of another
 * type, and those that read such views. What stays comes back when all else is done.
 */
export function released(
  from: Inventory,
  to: Inventory,
  isBlocked: (definition: string) => boolean,
): Change[] {
  const all = [...from.values()].filter(({ kind }) => dependents.includes(kind));
  const definition = ({ facts }: CatalogObject) => facts['view definition'] ?? facts.definition ?? '';
  const gone = new Set(
    all.filter((object) => {
      // A rule goes with its table.
      if (object.kind === 'rule' && !to.has(object.parent ?? '')) return false;
      const next = to.get(keyOf(object));
      return next === undefined || definition(next) !== definition(object) || isBlocked(definition(object));
    }),
  );
  for (let size = -1; size !== gone.size; ) {
    size = gone.size;
    for (const object of all) {
      if ([...gone].some((other) => readsView(object, other))) gone.add(object);
    }
  }
  return byDependency([...gone])
    .toReversed()
    .map(({ kind, name }) => ({ table: name, sql: `drop ${kind} ${name}` }));
}

function readsView(object: CatalogObject, other: CatalogObject): boolean {
  const definition = object.facts['view definition'] ?? object.facts.definition ?? '';
  return object !== other && other.kind !== 'rule' && mentions(definition, other.name);
}

/** What is read stands before what reads it. */
export function byDependency(objects: readonly CatalogObject[]): CatalogObject[] {
  const sorted: CatalogObject[] = [];
  const visit = (object: CatalogObject, path: readonly CatalogObject[]) => {
    if (sorted.includes(object) || path.includes(object)) return;
    for (const other of objects) if (readsView(object, other)) visit(other, [...path, object]);
    sorted.push(object);
  };
  for (const object of objects) visit(object, []);
  return sorted;
}
