/**
 * What a database is to become: what the models say, and beside it all that only migrations by hand can say, as it is.
 * So whatever a generated migration would lose of that is found, and `check` and `create` can't disagree.
 */
import { type CatalogObject, type Inventory, keyOf } from '../catalog/inventory.ts';
import { type Catalog, catalogOf } from './catalog.ts';

/** Of each kind that models know, the facts that they say; all others are as migrations by hand made them. */
const said: Readonly<Record<string, readonly string[]>> = {
  table: ['row security', 'partition key', 'comment'],
  column: ['type', 'not null', 'default', 'generated', 'identity', 'collation', 'comment'],
  constraint: ['definition'],
  index: ['definition', 'valid'],
  trigger: ['definition', 'enabled'],
  policy: ['command', 'kind', 'roles', 'using', 'check'],
  view: ['view definition'],
  'materialized view': ['view definition'],
  type: ['values'],
  sequence: ['definition', 'owned by'],
};

/** `before` is what migrations made, with its renames done. */
export function targetOf(before: Catalog, models: Catalog): Catalog {
  const target = new Map<string, CatalogObject>();
  for (const object of models.inventory.values()) {
    const was = before.inventory.get(keyOf(object));
    if (said[object.kind] !== undefined) target.set(keyOf(object), was ? together(was, object) : object);
    else if (object.kind === 'grant' && !before.inventory.has(object.parent ?? '')) {
      target.set(keyOf(object), object);
    }
  }
  for (const object of before.inventory.values()) {
    if (object.kind === 'partition' || target.has(keyOf(object))) continue;
    if (stays(object, before.inventory, models, target)) target.set(keyOf(object), object);
  }
  for (const schema of models.schemas) {
    const key = `schema ${schema}`;
    const made = [...models.inventory.values()].find(
      ({ kind, details }) => kind === 'schema' && details.name === schema,
    );
    if (made !== undefined) target.set(key, before.inventory.get(keyOf(made)) ?? made);
  }
  for (const partition of partitionsOf(before, models)) target.set(keyOf(partition), partition);
  return catalogOf(target);
}

function together(was: CatalogObject, model: CatalogObject): CatalogObject {
  const facts = said[model.kind] ?? [];
  const kept = Object.entries(was.facts).filter(([fact]) => !facts.includes(fact));
  const told = Object.entries(model.facts).filter(([fact]) => facts.includes(fact));
  // Which partitions there are is upkeep's business.
  const details = { ...model.details, partitions: was.details.partitions };
  return { ...model, details, facts: Object.fromEntries([...kept, ...told]) };
}

/** Whether something that no model says is left as it is, and doesn't go with what it belongs to. */
function stays(object: CatalogObject, before: Inventory, models: Catalog, target: Inventory): boolean {
  const { kind, parent, facts, details } = object;
  if (kind === 'schema') return details.name === 'hub' || models.schemas.has(String(details.name));
  if (kind === 'sequence' && facts['owned by'] !== undefined) {
    return details.isIdentity !== true && target.has(`column ${facts['owned by']}`);
  }
  if (kind === 'grant' && details.column && !isThere(`column ${details.column}`, before, models, target)) {
    return false;
  }
  if (parent !== null && !isThere(parent, before, models, target)) return false;
  if (/^table /.test(parent ?? '') && said[kind] !== undefined) return isByHand(object);
  return kind !== 'table';
}

/** Models know neither exclusion constraints nor triggers on truncate. */
function isByHand({ kind, details }: CatalogObject): boolean {
  return (
    (kind === 'constraint' && details.kind === 'x') || (kind === 'trigger' && details.onTruncate === true)
  );
}

function isThere(key: string, before: Inventory, models: Catalog, target: Inventory): boolean {
  const object = before.get(key);
  return target.has(key) || (object !== undefined && stays(object, before, models, target));
}

/** Those that are there, made as the models make theirs; where models make none there is nothing to compare with. */
function partitionsOf(before: Catalog, models: Catalog): CatalogObject[] {
  const all = ({ inventory }: Catalog) => [...inventory.values()].filter(({ kind }) => kind === 'partition');
  const samples = new Map(all(models).map((partition) => [partition.parent, partition]));
  const kept = all(before).flatMap((partition) => {
    const model = samples.get(partition.parent);
    if (model === undefined) return [];
    const { columns: _c, constraints: _k, indexes: _i, triggers: _t, ...own } = partition.facts;
    const { columns, constraints, indexes, triggers } = model.facts;
    const told = Object.entries({ columns, constraints, indexes, triggers }).filter(
      (entry): entry is [string, string] => entry[1] !== undefined,
    );
    return [{ ...partition, facts: { ...own, ...Object.fromEntries(told) } }];
  });
  return [...all(models).filter(({ parent }) => !before.inventory.has(parent ?? '')), ...kept];
}
