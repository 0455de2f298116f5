/**
 * What leads from one catalog to another, in an order that works. Nothing is ever dropped with `cascade`: what
 * depends on something is dropped by name before it.
 */
import type { Catalog, Constraint, Table } from './catalog.ts';
import { type Change, quote } from './change.ts';
import {
  columnChanges,
  columnSql,
  type DiffOptions,
  isRetyped,
  mentions,
  replacedColumns,
} from './column-changes.ts';
import { guardChanges, type IsBlocked } from './guard-changes.ts';
import { hiddenRowsIn } from './hidden-rows.ts';
import { neededFirst, neededLast, released } from './loose-objects.ts';
import { risks } from './risks.ts';
import { type Relink, ruleChanges } from './rule-changes.ts';

/** In this order over all tables: links go first and come last, since they join two of them. */
const phases = [
  'release',
  'unlink',
  'loosen',
  'drop',
  'create',
  'columns',
  'tighten',
  'link',
  'guard',
  'remarks',
] as const;
type Phases = Record<(typeof phases)[number], Change[]>;

export function diffCatalogs(from: Catalog, to: Catalog, options: DiffOptions): Change[] {
  const all = Object.fromEntries(phases.map((phase) => [phase, []])) as unknown as Phases;
  const add = (some: Partial<Phases>) => {
    for (const phase of phases) all[phase].push(...(some[phase] ?? []));
  };
  const retyped = retypedColumns(from, to);
  const isBlocked: IsBlocked = (key, definition) =>
    [...retyped].some(
      ([other, columns]) =>
        (other === key || mentions(definition, bareName(other))) &&
        columns.some((column) => mentions(definition, column)),
    );
  const relink: Relink = (key, { kind, columns, references, referenced }: Constraint) =>
    kind === 'f' &&
    ((retyped.get(key) ?? []).some((name) => columns.includes(name)) ||
      (retyped.get(references ?? '') ?? []).some((name) => referenced.includes(name)));
  const hiddenRows = hiddenRowsIn(from);
  const gone = [...from.tables.values()].filter(({ key }) => !to.tables.has(key));
  add(dropTables(gone));
  for (const table of to.tables.values()) {
    const last = from.tables.get(table.key);
    if (last === undefined) add(createTable(table, isBlocked));
    else {
      add(ruleChanges(last, table, relink, hiddenRows));
      add({ columns: columnChanges(last, table, options) });
      add(guardChanges(last, table, isBlocked));
    }
  }
  const schema = (sql: string, name: string) => ({ table: name, sql: `${sql} ${quote(name)}` });
  const newSchemas = [...to.schemas].filter((name) => !from.schemas.has(name));
  const oldSchemas = [...from.schemas].filter((name) => !to.schemas.has(name));
  return [
    ...newSchemas.map((name) => schema('create schema', name)),
    ...neededFirst(from.inventory, to.inventory),
    ...released(from.inventory, to.inventory, (definition) =>
      [...retyped].some(
        ([key, columns]) =>
          mentions(definition, bareName(key)) && columns.some((column) => mentions(definition, column)),
      ),
    ),
    ...phases.flatMap((phase) => all[phase]),
    ...neededLast(from.inventory, to.inventory),
    ...oldSchemas.map((name) => schema('drop schema', name)),
  ];
}

function bareName(key: string): string {
  return key.slice(key.indexOf('.') + 1);
}

function retypedColumns(from: Catalog, to: Catalog): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const table of to.tables.values()) {
    const last = from.tables.get(table.key);
    if (last === undefined) continue;
    const replaced = replacedColumns(last, table);
    const names = [...table.columns.values()]
      .filter((column) => {
        const old = last.columns.get(column.name);
        return replaced.has(column.name) || (old !== undefined && isRetyped(old, column));
      })
      .map(({ name }) => name);
    if (names.length > 0) found.set(table.key, names);
  }
  return found;
}

/** Foreign keys among the dropped ones, and policies that look into another table, would want a cascade. */
function dropTables(gone: readonly Table[]): Partial<Phases> {
  const keys = new Set(gone.map(({ key }) => key));
  const policies = gone.flatMap((table) =>
    [...table.policies.values()]
      .filter(({ definition }) => /\bFROM\b/.test(definition))
      .map(({ name }) => ({
        table: table.key,
        sql: `drop policy ${quote(name)} on ${quote(table.schema, table.name)}`,
      })),
  );
  const links = gone.flatMap((table) =>
    [...table.constraints.values()]
      .filter(({ references }) => references !== null && references !== table.key && keys.has(references))
      .map(({ name }) => ({
        table: table.key,
        sql: `alter table ${quote(table.schema, table.name)} drop constraint ${quote(name)}`,
      })),
  );
  const drop = gone.map((table) => ({
    table: table.key,
    sql: `drop table ${quote(table.schema, table.name)}`,
    risks: [risks.dropTable(table.key)],
    losesData: true,
    breaking: `callers no longer use ${table.key}`,
  }));
  return { release: policies, unlink: links, drop };
}

/** Storage parameters come back with a table that was dropped; models say nothing of them. */
function createTable(table: Table, isBlocked: IsBlocked): Partial<Phases> {
  const name = quote(table.schema, table.name);
  const constraints = [...table.constraints.values()];
  const lines = [
    ...[...table.columns.values()].map((column) => columnSql(column)),
    ...constraints
      .filter(({ kind }) => kind !== 'f')
      .map((constraint) => `constraint ${quote(constraint.name)} ${constraint.definition}`),
  ];
  const partitioning = table.partitionKey === null ? '' : ` partition by ${table.partitionKey}`;
  const options = table.options === null ? '' : ` with (${table.options})`;
  const statements = [
    `create table ${name} (\n  ${lines.join(',\n  ')}\n)${partitioning}${options}`,
    ...table.partitions.map(
      (part) => `create table ${quote(part.schema, part.name)} partition of ${name} ${part.bounds}`,
    ),
  ];
  const asChanges = (texts: readonly string[]) => texts.map((sql) => ({ table: table.key, sql }));
  const indexes = [...table.indexes.values()].map(({ definition }) =>
    definition.replace(/^CREATE (UNIQUE )?INDEX/, (words) => words.toLowerCase()),
  );
  const links = constraints
    .filter(({ kind }) => kind === 'f')
    .map((link) => `alter table ${name} add constraint ${quote(link.name)} ${link.definition}`);
  const { guard, remarks } = guardChanges(undefined, table, isBlocked);
  return {
    create: asChanges(statements),
    tighten: asChanges(indexes),
    link: asChanges(links),
    guard,
    remarks,
  };
}
