/** Constraints and indexes that come, go or change, on a table that stays. */
import type { Constraint, Index, Table } from './catalog.ts';
import { type Change, quote } from './change.ts';
import { mentions, replacedColumns } from './column-changes.ts';
import { risks } from './risks.ts';

export type Relink = (table: string, constraint: Constraint) => boolean;

/** The SQL that holds rows against a foreign key which its owner can't see; undefined where it sees all. */
export type HiddenRows = (table: Table, constraint: Constraint) => string | undefined;

/** What is to be dropped and made, in the order of the phases. */
export type RuleChanges = {
  readonly unlink: Change[];
  readonly loosen: Change[];
  readonly tighten: Change[];
  readonly link: Change[];
};

/** `relink` says which foreign keys stand in the way of a column that gets another type. */
export function ruleChanges(from: Table, to: Table, relink: Relink, hiddenRows: HiddenRows): RuleChanges {
  const changes: RuleChanges = { unlink: [], loosen: [], tighten: [], link: [] };
  const replaced = [...replacedColumns(from, to)];
  const isRemade = (constraint: Constraint) =>
    relink(from.key, constraint) || replaced.some((name) => constraint.columns.includes(name));
  const isSameIndex = (index: Index, other: Index | undefined) =>
    other?.definition === index.definition &&
    other.valid === index.valid &&
    !replaced.some((name) => mentions(index.definition, name));
  for (const constraint of from.constraints.values()) {
    const next = to.constraints.get(constraint.name);
    const stays = next?.definition === constraint.definition && !isRemade(constraint);
    if (stays) continue;
    (constraint.kind === 'f' ? changes.unlink : changes.loosen).push(dropConstraint(from, to, constraint));
  }
  for (const index of from.indexes.values()) {
    if (isSameIndex(index, to.indexes.get(index.name))) continue;
    changes.loosen.push(dropIndex(from, to, index, replaced));
  }
  for (const constraint of to.constraints.values()) {
    const last = from.constraints.get(constraint.name);
    const isSame = last?.definition === constraint.definition;
    if (isSame && !isRemade(constraint)) continue;
    const change = addConstraint(to, constraint, isSame ? undefined : from, hiddenRows);
    (constraint.kind === 'f' ? changes.link : changes.tighten).push(change);
  }
  for (const index of to.indexes.values()) {
    if (isSameIndex(index, from.indexes.get(index.name))) continue;
    changes.tighten.push(addIndex(to, index, from.indexes.has(index.name)));
  }
  return changes;
}

function dropConstraint(from: Table, to: Table, constraint: Constraint): Change {
  const sql = `alter table ${quote(from.schema, from.name)} drop constraint ${quote(constraint.name)}`;
  const goesWithColumns =
    constraint.columns.length > 0 && constraint.columns.some((name) => !to.columns.has(name));
  const isReplaced = to.constraints.has(constraint.name);
  if (goesWithColumns || isReplaced) return { table: from.key, sql };
  return { table: from.key, sql, risks: [risks.dropConstraint(from.key, constraint.name)] };
}

function dropIndex(from: Table, to: Table, index: Index, replaced: readonly string[]): Change {
  const sql = `drop index ${quote(from.schema, index.name)}`;
  const goesWithColumns = [...from.columns.keys()].some(
    (name) => !to.columns.has(name) && mentions(index.definition, name),
  );
  const isPartitioned = from.partitionKey !== null;
  const isReplaced = to.indexes.has(index.name);
  const isBound = isPartitioned || index.unique || replaced.some((name) => mentions(index.definition, name));
  if (goesWithColumns || (isReplaced && isBound)) return { table: from.key, sql };
  const blocking = risks.droppedIndex(from.key, index.name, isPartitioned);
  const loss = index.unique ? [risks.dropConstraint(from.key, index.name)] : [];
  const what = `Drop the index ${index.name}`;
  const later = [
    { level: 0, sql: sql.replace('drop index', 'drop index concurrently'), concurrent: true as const, what },
  ];
  // The risk of a replaced one is that of the index which takes its place.
  return {
    table: from.key,
    sql,
    risks: isReplaced ? [] : [blocking, ...loss],
    ...(!isPartitioned && { safe: { avoids: 'blocking-index' as const, now: '', later } }),
  };
}

/** `from` is the table as it was; without it the constraint only comes back, and what it risks was said already. */
function addConstraint(
  to: Table,
  constraint: Constraint,
  from: Table | undefined,
  hiddenRows: HiddenRows,
): Change {
  const change = constraintChange(to, constraint, from, hiddenRows);
  // On the way down the new column holds nothing, or a plain value, which need not go with what the other one holds.
  const isNew = (name: string) => from !== undefined && !from.columns.has(name);
  const isMixed = constraint.columns.some(isNew) && !constraint.columns.every(isNew);
  return constraint.kind === 'c' && isMixed ? { ...change, needsEmptyTable: true } : change;
}

function constraintChange(
  to: Table,
  constraint: Constraint,
  from: Table | undefined,
  hiddenRows: HiddenRows,
): Change {
  const alter = `alter table ${quote(to.schema, to.name)}`;
  const add = `${alter} add constraint ${quote(constraint.name)} ${constraint.definition}`;
  const check = hiddenRows(to, constraint);
  const sql = check === undefined ? add : `${add};\n${check}`;
  if (from === undefined) return { table: to.key, sql };
  // Between a drop and the end of a build that is not in its transaction rows could come in twice.
  const isReplacedKey = constraint.kind === 'u' && from.constraints.has(constraint.name);
  const safe = isReplacedKey ? undefined : safeConstraint(to, constraint, add, check);
  const form = safe?.later.map(({ what }) => what.toLowerCase()).join(', then ');
  const blocking = risks.blockingConstraint(
    to.key,
    constraint.name,
    form && `first ${safe?.now ? 'add it not valid' : 'nothing'}, then ${form}`,
  );
  const cascades = (definition = '') => /\bON (DELETE|UPDATE) CASCADE\b/.test(definition);
  const isCascade =
    cascades(constraint.definition) && !cascades(from.constraints.get(constraint.name)?.definition);
  return {
    table: to.key,
    sql,
    risks: isCascade
      ? [blocking, risks.cascade(to.key, constraint.name, constraint.references ?? '')]
      : [blocking],
    ...(safe && { safe: { avoids: 'blocking-constraint' as const, ...safe } }),
    // Nobody writes a column yet that comes along with it.
    ...(constraint.columns.some((name) => from.columns.has(name)) && {
      breaking: `what callers write into ${to.key} keeps ${constraint.name}`,
    }),
  };
}

function safeConstraint(
  table: Table,
  { name, kind, definition }: Constraint,
  sql: string,
  check: string | undefined,
) {
  const alter = `alter table ${quote(table.schema, table.name)}`;
  if (kind === 'c' || (kind === 'f' && table.partitionKey === null)) {
    const what = `Hold the rows of ${table.key} against what was added`;
    const validate = `${check === undefined ? '' : `${check};\n`}${alter} validate constraint ${quote(name)}`;
    return { now: `${sql} not valid`, later: [{ level: 0, sql: validate, what }] };
  }
  const columns = /^UNIQUE (?<columns>\([^()]+\))$/.exec(definition)?.groups?.columns;
  if (kind !== 'u' || table.partitionKey !== null || columns === undefined) return undefined;
  const build = `create unique index concurrently ${quote(name)} on ${quote(table.schema, table.name)} ${columns}`;
  const use = `${alter} add constraint ${quote(name)} unique using index ${quote(name)}`;
  return {
    now: '',
    later: [
      { level: 0, sql: build, concurrent: true as const, what: `Build the index ${name}` },
      { level: 1, sql: use, what: `Make the index ${name} a constraint` },
    ],
  };
}

function addIndex(table: Table, { name, definition, unique }: Index, isReplaced: boolean): Change {
  const partitioned = table.partitionKey !== null;
  const change = {
    table: table.key,
    sql: definition.replace(/^CREATE (UNIQUE )?INDEX/, (words) => words.toLowerCase()),
    risks: [risks.blockingIndex(table.key, name, partitioned)],
    ...(unique && { breaking: `what callers write into ${table.key} keeps ${name}` }),
  };
  // Between a drop and the end of a build that is not in its transaction rows could come in twice.
  if (partitioned || (unique && isReplaced)) return change;
  const build = change.sql.replace(/^create (unique )?index/, (words) => `${words} concurrently`);
  // The one that it replaces goes first.
  const level = isReplaced ? 1 : 0;
  const later = [{ level, sql: build, concurrent: true as const, what: `Build the index ${name}` }];
  return { ...change, safe: { avoids: 'blocking-index', now: '', later } };
}
