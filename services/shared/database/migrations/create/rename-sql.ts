/** Renames as SQL, there and back; rows, rights and whatever depends stay. */
import type { Catalog } from './catalog.ts';
import { literal, quote } from './change.ts';
import { inOrder, type Move, spareName } from './rename-order.ts';
import type { Rename } from './renames.ts';

/** Either may be empty. */
export type TwoWay = { readonly up: string; readonly down: string };

function splitKey(key: string): [string, string] {
  const at = key.indexOf('.');
  return [key.slice(0, at), key.slice(at + 1)];
}

/**
 * Tables in an order in which each name is free. A schema that is not there yet is made; where tables of several
 * schemas change places one waits in a schema of its own, since its indexes take up names too.
 */
export function renameTables(renames: readonly Rename[], before: Catalog): TwoWay[] {
  const names = new Set(before.tables.keys());
  const schemas = new Set(before.schemas);
  const waiting = spareName((name) => schemas.has(name));
  const isInOne = renames.every((rename) => schemaOf(rename.from) === schemaOf(rename.to));
  const moves = inOrder(renames, ({ from }) => {
    if (!isInOne) return `${waiting}.${splitKey(from)[1]}`;
    return `${schemaOf(from)}.${spareName((name) => names.has(`${schemaOf(from)}.${name}`))}`;
  });
  const partitioned = new Set(renames.map(({ from }) => from).filter((key) => isPartitioned(before, key)));
  const steps = moves.flatMap((move) => {
    const isMade = schemas.has(schemaOf(move.to));
    schemas.add(schemaOf(move.to));
    const made = isMade ? [] : [makeSchema(schemaOf(move.to))];
    const step = [...made, ...moveTable(move, partitioned.has(move.from))];
    if (partitioned.delete(move.from)) partitioned.add(move.to);
    return step;
  });
  if (!schemas.has(waiting)) return steps;
  const { up, down } = makeSchema(waiting);
  return [...steps, { up: down, down: up }];
}

function schemaOf(key: string): string {
  return splitKey(key)[0];
}

function isPartitioned({ tables }: Catalog, key: string): boolean {
  return tables.get(key)?.partitionKey != null;
}

function makeSchema(name: string): TwoWay {
  return { up: `create schema ${quote(name)}`, down: `drop schema ${quote(name)}` };
}

function moveTable({ from, to }: Move, partitioned: boolean): TwoWay[] {
  const [schema, name] = splitKey(from);
  const [toSchema, toName] = splitKey(to);
  const steps: TwoWay[] = [];
  if (schema !== toSchema) {
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
  if (partitioned) {
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

/** Columns of any tables, in an order in which each name is free. */
export function renameColumns(renames: readonly Rename[], before: Catalog): TwoWay[] {
  const tableOf = (column: string) => column.slice(0, column.lastIndexOf('.'));
  const moves = inOrder(renames, ({ from }) => {
    const columns = before.tables.get(tableOf(from))?.columns;
    return `${tableOf(from)}.${spareName((name) => columns?.has(name) ?? false)}`;
  });
  return moves.map(({ from, to }) => {
    const table = quote(...splitKey(tableOf(from)));
    const [old, next] = [from, to].map((name) => quote(name.slice(name.lastIndexOf('.') + 1)));
    return {
      up: `alter table ${table} rename column ${old} to ${next}`,
      down: `alter table ${table} rename column ${next} to ${old}`,
    };
  });
}
