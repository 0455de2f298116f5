/** Columns that come, go or change, on a table that stays. */
import { maintenanceRole, ownerRole } from '../../provision/roles.ts';
import type { Column, Table } from './catalog.ts';
import { type Change, type Later, quote } from './change.ts';
import { losesSilently, typeChange } from './column-types.ts';
import { risks } from './risks.ts';
import type { ServerKnowledge } from './server-knowledge.ts';

export type DiffOptions = {
  /** On the way down rows have to be kept as they are, and what is lost is lost. */
  readonly direction: 'up' | 'down';
  readonly server: ServerKnowledge;
  /** SQL expressions for the rows that a table has, by `schema.table.column`. */
  readonly backfills: ReadonlyMap<string, string>;
};

/** A column as `create table` and `add column` want it. */
export function columnSql(column: Column, { nullable = false, placeholder = '' } = {}): string {
  return [
    quote(column.name),
    column.type,
    column.collation === null ? '' : `collate ${column.collation}`,
    column.generated === null ? '' : `generated always as ${column.generated}`,
    column.identity === null ? '' : `generated ${column.identity} as identity`,
    column.default === null ? placeholder : `default ${column.default}`,
    column.notNull && !nullable ? 'not null' : '',
  ]
    .filter((part) => part !== '')
    .join(' ');
}

export function isRetyped(from: Column, to: Column): boolean {
  return from.type !== to.type || from.collation !== to.collation;
}

/**
 * The columns that have to be made anew: PostgreSQL 14 can't change a stored expression, and none can change the type
 * of a column that a stored expression reads.
 */
export function replacedColumns(from: Table, to: Table): Set<string> {
  const both = [...to.columns.values()].flatMap((column) => {
    const last = from.columns.get(column.name);
    return last === undefined ? [] : [[last, column] as const];
  });
  const retyped = both.filter(([last, column]) => isRetyped(last, column)).map(([{ name }]) => name);
  const replaced = both.filter(
    ([last, column]) =>
      (last.generated !== column.generated && column.generated !== null) ||
      (column.generated !== null && retyped.some((name) => mentions(column.generated ?? '', name))),
  );
  return new Set(replaced.map(([{ name }]) => name));
}

/** Whether SQL speaks of a name. May say yes for a text that only looks like it: then something is made anew in vain. */
export function mentions(sql: string, name: string): boolean {
  return new RegExp(`(?<![\\w$])${name.replace(/\W/g, '\\$&')}(?![\\w$])`).test(sql);
}

export function columnChanges(from: Table, to: Table, options: DiffOptions): Change[] {
  const replaced = replacedColumns(from, to);
  const columns = [...to.columns.values()];
  const gone = [...from.columns.values()].filter(({ name }) => !to.columns.has(name) || replaced.has(name));
  const come = columns.filter(({ name }) => !from.columns.has(name) || replaced.has(name));
  const stay = columns.flatMap((column) => {
    const last = from.columns.get(column.name);
    return last === undefined || replaced.has(column.name) ? [] : alterColumn(to, last, column, options);
  });
  const isComputed = ({ generated }: Column) => generated !== null;
  const kept = columns.flatMap((column) => {
    const isPlainNow =
      column.generated === null && (from.columns.get(column.name)?.generated ?? null) !== null;
    return isPlainNow ? [keepValues(to, column)] : [];
  });
  // What is computed goes before that from which it is computed, and comes after.
  return [
    ...kept,
    ...[...gone.filter(isComputed), ...gone.filter((column) => !isComputed(column))].map((column) =>
      dropColumn(to, column),
    ),
    ...come.filter((column) => !isComputed(column)).flatMap((column) => addColumn(to, column, options)),
    ...stay,
    ...come.filter(isComputed).flatMap((column) => addColumn(to, column, options)),
  ];
}

/** A column that was computed and is plain now. */
function keepValues(table: Table, { name }: Column): Change {
  const sql = `alter table ${quote(table.schema, table.name)} alter column ${quote(name)} drop expression`;
  return { table: table.key, sql, breaking: `whoever writes to ${table.key} computes ${name}` };
}

function dropColumn(table: Table, column: Column): Change {
  const sql = `alter table ${quote(table.schema, table.name)} drop column ${quote(column.name)}`;
  // What was computed is computed anew.
  if (table.columns.has(column.name) && column.generated !== null) return { table: table.key, sql };
  return {
    table: table.key,
    sql,
    risks: [risks.dropColumn(table.key, column.name)],
    losesData: column.generated === null,
    breaking: `callers no longer ${table.columns.has(column.name) ? 'write' : 'use'} ${table.key}.${column.name}`,
  };
}

const volatile = /\b(random|gen_random_uuid|uuidv7|uuid_generate_v\w+|clock_timestamp|timeofday|nextval)\(/;

function addColumn(table: Table, column: Column, options: DiffOptions): Change[] {
  const name = `${table.key}.${column.name}`;
  const add = (text: string) => `alter table ${quote(table.schema, table.name)} add column ${text}`;
  const isFilled = column.default !== null || column.generated !== null || column.identity !== null;
  if (column.notNull && !isFilled) return addNotNull(table, column, options, add);
  const why =
    column.generated !== null
      ? 'would be computed for every row'
      : volatile.test(column.default ?? '') || column.identity !== null
        ? 'would get a value of its own in every row'
        : undefined;
  const change = { table: table.key, sql: add(columnSql(column)) };
  return [why === undefined ? change : { ...change, risks: [risks.rewrite(name, why)] }];
}

function addNotNull(
  table: Table,
  column: Column,
  { direction, server, backfills }: DiffOptions,
  add: (text: string) => string,
): Change[] {
  const name = `${table.key}.${column.name}`;
  const alter = `alter table ${quote(table.schema, table.name)} alter column ${quote(column.name)}`;
  if (direction === 'down') {
    const placeholder = server.placeholderOf(table.key, column.name);
    if (placeholder === undefined) {
      return [{ table: table.key, sql: add(columnSql(column)), needsEmptyTable: true }];
    }
    return [
      { table: table.key, sql: add(columnSql(column, { placeholder: `default ${placeholder}` })) },
      { table: table.key, sql: `${alter} drop default` },
    ];
  }
  const breaking = `whoever inserts into ${table.key} gives ${column.name}`;
  const expression = backfills.get(name);
  if (expression === undefined) {
    return [
      {
        table: table.key,
        sql: add(columnSql(column)),
        risks: [risks.notNullWithoutDefault(name)],
        needsEmptyTable: true,
        breaking,
      },
    ];
  }
  const fill = fillSql(table, column.name, expression);
  const notNull = setNotNull(table, column.name);
  const later: Later[] = [
    ...notNull.now.map((sql) => ({ level: 0, sql, what: `Ask for ${name} in new rows` })),
    { level: 1, sql: fill, hazard: 'data-change', what: `Fill ${name}` },
    ...notNull.later.map((step) => ({ ...step, level: step.level + 2 })),
  ];
  return [
    {
      table: table.key,
      sql: `${add(columnSql(column, { nullable: true }))};\n${fill};\n${alter} set not null`,
      risks: [risks.backfill(name), risks.setNotNull(name)],
      safe: { avoids: 'blocking-constraint', now: add(columnSql(column, { nullable: true })), later },
      breaking,
    },
  ];
}

/** FORCE binds the owner too, whose update would find no row and say nothing; the maintenance role sees all of them. */
function fillSql(table: Table, column: string, expression: string): string {
  const name = quote(column);
  const update = `update ${quote(table.schema, table.name)} set ${name} = ${expression} where ${name} is null`;
  if (!table.forceRowSecurity) return update;
  return `set local role ${maintenanceRole};\n${update};\nset local role ${ownerRole}`;
}

function setNotNull(table: Table, column: string): { now: string[]; later: Later[] } {
  const alter = `alter table ${quote(table.schema, table.name)}`;
  const check = quote(`${table.name}_${column}_not_null`);
  return {
    now: [`${alter} add constraint ${check} check (${quote(column)} is not null) not valid`],
    later: [
      {
        level: 0,
        sql: `${alter} validate constraint ${check}`,
        what: `Hold the rows of ${table.key} against what was added`,
      },
      {
        level: 1,
        sql: `${alter} alter column ${quote(column)} set not null;\n${alter} drop constraint ${check}`,
        what: `Set ${table.key}.${column} not null`,
      },
    ],
  };
}

function alterColumn(table: Table, from: Column, to: Column, { server }: DiffOptions): Change[] {
  const name = `${table.key}.${to.name}`;
  const alter = `alter table ${quote(table.schema, table.name)} alter column ${quote(to.name)}`;
  const changes: Change[] = [];
  const add = (sql: string, more: Partial<Change> = {}) =>
    changes.push({ table: table.key, sql: `${alter} ${sql}`, ...more });
  const retyped = isRetyped(from, to);
  if (from.identity !== null && to.identity === null) add('drop identity');
  // A default of the old type may have no cast to the new one.
  const defaultChanges = from.default !== to.default;
  if (from.default !== null && (retyped || (defaultChanges && to.default === null))) add('drop default');
  if (retyped) changes.push(retype(name, alter, from, to, server));
  if (to.default !== null && (retyped || defaultChanges)) add(`set default ${to.default}`);
  if (from.notNull && !to.notNull) add('drop not null');
  if (!from.notNull && to.notNull) {
    const { now, later } = setNotNull(table, to.name);
    add('set not null', {
      risks: [risks.setNotNull(name)],
      safe: { avoids: 'blocking-constraint', now: now.join(';\n'), later },
      breaking: `whoever writes to ${table.key} gives ${to.name}`,
    });
  }
  if (from.identity === null && to.identity !== null) add(`add generated ${to.identity} as identity`);
  else if (to.identity !== null && from.identity !== to.identity) add(`set generated ${to.identity}`);
  return changes;
}

function retype(name: string, alter: string, from: Column, to: Column, server: ServerKnowledge): Change {
  const collation = to.collation === null ? '' : ` collate ${to.collation}`;
  const sql = `${alter} type ${to.type}${collation}${server.castOf(to.name, from.type, to.type)}`;
  const table = name.slice(0, name.lastIndexOf('.'));
  const isResorted = from.collation !== to.collation;
  const change = typeChange(from.type, to.type);
  // Its indexes are built anew.
  const kind = change === 'free' && isResorted ? 'rewrite' : change;
  if (kind === 'narrow') {
    return {
      table,
      sql,
      risks: [risks.narrowType(name, from.type, to.type)],
      losesData: losesSilently(from.type, to.type),
      breaking: `callers read and write ${name} as ${to.type}`,
    };
  }
  if (kind === 'rewrite') {
    return {
      table,
      sql,
      risks: [risks.changeType(name, from.type, to.type)],
      breaking: `callers read and write ${name} as ${to.type}`,
    };
  }
  return { table, sql, remark: 'lint: allow changing-column-type: no value changes, and none is rewritten' };
}
