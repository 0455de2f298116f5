/** Renames as SQL, there and back; rows, rights and whatever depends stay. */
import type { Catalog, Table } from './catalog.ts';
import { literal, quote } from './change.ts';
import type { Rename } from './renames.ts';

/** Either may be empty. */
export type TwoWay = { readonly up: string; readonly down: string };

function splitKey(key: string): [string, string] {
  const at = key.indexOf('.');
  return [key.slice(0, at), key.slice(at + 1)];
}

/** Where the new schema is not there yet it is made. */
export function renameTable(
  { from, to }: Rename,
  schemas: ReadonlySet<string>,
  isPartitioned: boolean,
): TwoWay[] {
  const [schema, name] = splitKey(from);
  const [toSchema, toName] = splitKey(to);
  const steps: TwoWay[] = [];
  if (schema !== toSchema) {
    if (!schemas.has(toSchema)) {
      steps.push({ up: `create schema ${quote(toSchema)}`, down: `drop schema ${quote(toSchema)}` });
    }
    steps.push({
      up: `alter table ${quote(schema, name)} set schema ${quote(toSchema)}`,
      down: `alter table ${quote(toSchema, name)} set schema ${quote(schema)}`,
    });
  }
  if (name !== toName) {
    steps.push({
      up: `alter table ${quote(toSchema, name)} rename to ${quote(toName)}`,
      down: `alter table ${quote(toSchema, toName)} rename to ${quote(name)}`,
    });
  }
  if (isPartitioned) {
    // Either way the partitions follow when the table has its name.
    steps.unshift({ up: '', down: renamePartitions(schema, name, toName) });
    steps.push({ up: renamePartitions(toSchema, toName, name), down: '' });
  }
  return steps;
}

/**
 * Upkeep names partitions after their table, and makes them while the hub runs: which there are is known on the spot.
 * Their indexes and constraints keep their names, which nothing reads.
 */
function renamePartitions(schema: string, name: string, oldName: string): string {
  const table = literal(quote(schema, name));
  const old = literal(`${oldName}_`);
  return `do $$
declare
  part record;
begin
  for part in
    select c.oid::regclass as partition, c.relname as name, n.nspname as schema
      from pg_catalog.pg_inherits join pg_catalog.pg_class c on c.oid = inhrelid
           join pg_catalog.pg_namespace n on n.oid = c.relnamespace
     where inhparent = ${table}::regclass
  loop
    if part.schema <> ${literal(schema)} then
      execute format('alter table %s set schema %I', part.partition, ${literal(schema)});
    end if;
    if starts_with(part.name, ${old}) then
      execute format('alter table %I.%I rename to %I', ${literal(schema)}, part.name, ${literal(`${name}_`)} || substr(part.name, ${oldName.length + 2}));
    end if;
  end loop;
end
$$`;
}

export function renameColumn({ from, to }: Rename): TwoWay {
  const table = quote(...splitKey(from.slice(0, from.lastIndexOf('.'))));
  const [old, next] = [from, to].map((name) => quote(name.slice(name.lastIndexOf('.') + 1)));
  return {
    up: `alter table ${table} rename column ${old} to ${next}`,
    down: `alter table ${table} rename column ${next} to ${old}`,
  };
}

type Part = { readonly name: string; readonly definition: string };

/**
 * Constraints, indexes, triggers and policies that differ in nothing but the name get the other name: those that
 * carry the name of a renamed table or column, above all. Nothing is stored in a name, so nobody is asked.
 */
export function renameParts(from: Catalog, to: Catalog): TwoWay[] {
  return [...to.tables.values()].flatMap((table) => {
    const last = from.tables.get(table.key);
    if (last === undefined) return [];
    return [
      ...partRenames(last.constraints, table.constraints, (a, b) => viaTable(table, 'constraint', a, b)),
      ...partRenames(last.indexes, table.indexes, (a, b) => ({
        up: `alter index ${quote(table.schema, a)} rename to ${quote(b)}`,
        down: `alter index ${quote(table.schema, b)} rename to ${quote(a)}`,
      })),
      ...partRenames(last.triggers, table.triggers, (a, b) => onTable('trigger', table, a, b)),
      ...partRenames(last.policies, table.policies, (a, b) => onTable('policy', table, a, b)),
    ];
  });
}

function viaTable(table: Table, kind: string, a: string, b: string): TwoWay {
  const alter = `alter table ${quote(table.schema, table.name)} rename ${kind}`;
  return {
    up: `${alter} ${quote(a)} to ${quote(b)}`,
    down: `${alter} ${quote(b)} to ${quote(a)}`,
  };
}

function onTable(kind: string, table: Table, a: string, b: string): TwoWay {
  const on = `on ${quote(table.schema, table.name)} rename to`;
  return {
    up: `alter ${kind} ${quote(a)} ${on} ${quote(b)}`,
    down: `alter ${kind} ${quote(b)} ${on} ${quote(a)}`,
  };
}

function partRenames(
  from: ReadonlyMap<string, Part>,
  to: ReadonlyMap<string, Part>,
  rename: (a: string, b: string) => TwoWay,
): TwoWay[] {
  const added = [...to.values()].filter(({ name }) => !from.has(name));
  const gone = [...from.values()].filter(({ name }) => !to.has(name));
  return gone.flatMap((part) => {
    const at = added.findIndex((other) => nameless(other) === nameless(part));
    if (at === -1) return [];
    const [other] = added.splice(at, 1);
    return other === undefined ? [] : [rename(part.name, other.name)];
  });
}

/** Definitions of indexes and triggers begin with their name. */
function nameless({ definition }: Part): string {
  return definition.replace(/^(CREATE [A-Z ]*(INDEX|TRIGGER)) ("(?:[^"]|"")+"|\S+)/, '$1');
}
