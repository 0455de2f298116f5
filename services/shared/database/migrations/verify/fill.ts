/** Fills every table with rows that its constraints accept: nulls, limits, every value of a closed set. */
import { hubError } from '@quantum-hub/kernel';
import { identifier } from '../../provision/sql-text.ts';
import type { AdminSession } from '../owner-transaction.ts';
import { acceptedValues, type Combination, type Judged } from './accepted.ts';
import { readTables, type TableFacts } from './table-facts.ts';

const mostRows = 60;
const fewestRows = 4;
/** A row that another one excludes (a unique key, a partition that isn't there) is tried with other values. */
const attempts = 6;

/** What one filling leaves for the next one of the same database. */
export type FillMemory = {
  /** Each table as it was when it got its full number of rows. */
  readonly full: Map<string, string>;
  readonly judged: Judged;
  /** The functions that checks and triggers call, as they were then. */
  functions?: string;
};

/** Other functions may judge otherwise. */
async function forgetChanged(session: AdminSession, memory: FillMemory): Promise<void> {
  const { rows } = await session.query(
    `select md5(string_agg(pg_get_functiondef(oid), '' order by oid::regprocedure::text)) as functions
       from pg_proc where pronamespace::regnamespace::text !~ '^(pg_|information_schema)' and prokind = 'f'`,
  );
  const functions = String(rows[0]?.functions);
  if (memory.functions !== functions) {
    memory.full.clear();
    memory.judged.clear();
  }
  memory.functions = functions;
}

/**
 * Adds rows to all tables and gives their number. `session` is a superuser's: row security would hide tables. Safe to run
 * again; with the same memory a table that is filled and has not changed gets a few rows more only.
 */
export async function fillTables(
  session: AdminSession,
  memory: FillMemory = { full: new Map(), judged: new Map() },
): Promise<number> {
  await forgetChanged(session, memory);
  let filled = 0;
  let waiting = await readTables(session);
  const ready = new Set<string>();
  while (waiting.length > 0) {
    const next = nextTables(waiting, ready);
    for (const table of next) {
      filled += await fillTable(session, table, memory);
      ready.add(table.name);
    }
    waiting = waiting.filter((table) => !next.includes(table));
  }
  return filled;
}

/** Those whose references are all filled; where references go in a circle, those that need none of the others. */
function nextTables(waiting: readonly TableFacts[], ready: ReadonlySet<string>): readonly TableFacts[] {
  const isFree = (table: TableFacts, needed: boolean) =>
    table.foreignKeys.every(
      ({ columns, references }) =>
        ready.has(references) || references === table.name || (needed && !isNeeded(table, columns)),
    );
  const free = waiting.filter((table) => isFree(table, false));
  if (free.length > 0) return free;
  const startable = waiting.find((table) => isFree(table, true));
  return startable ? [startable] : waiting;
}

function isNeeded({ columns }: TableFacts, names: readonly string[]): boolean {
  return names.every((name) => columns.find((column) => column.name === name)?.notNull);
}

async function isEmpty(session: AdminSession, { name }: TableFacts): Promise<boolean> {
  const { rows } = await session.query(`select not exists (select from ${name}) as empty`);
  return rows[0]?.empty === true;
}

async function fillTable(session: AdminSession, table: TableFacts, memory: FillMemory): Promise<number> {
  const groups = await acceptedValues(session, table, memory.judged);
  const facts = JSON.stringify(table);
  const isFull = memory.full.get(table.name) === facts && !(await isEmpty(session, table));
  memory.full.set(table.name, facts);
  const wanted = Math.min(mostRows, Math.max(fewestRows, ...groups.map(({ length }) => length)));
  let reason = 'no value of a column is accepted by its checks';
  let rows = 0;
  if (groups.some(({ length }) => length === 0)) throw unfilled(table, groups, reason);
  for (let row = 0; row < wanted && !(isFull && rows >= fewestRows); row += 1) {
    for (let attempt = 0; attempt < attempts; attempt += 1) {
      try {
        if (!(await insert(session, table, await rowOf(session, table, groups, row, attempt)))) continue;
        rows += 1;
        break;
      } catch (error) {
        reason = (error as Error).message;
      }
    }
  }
  if (rows === 0 && !isFull) throw unfilled(table, groups, reason);
  return rows;
}

function unfilled({ name, columns }: TableFacts, groups: readonly Combination[][], reason: string): Error {
  const empty = columns.filter((column) =>
    groups.every((group) => group.every((values) => !(column.name in values))),
  );
  const which = empty.length > 0 ? ` (${empty.map((column) => column.name).join(', ')})` : '';
  return hubError('database.verify_table_unfilled', { table: name, reason: `${reason}${which}` });
}

/** Values that stand alone move on with each attempt, each group by a step of its own; what a check binds stays for the row. */
async function rowOf(
  session: AdminSession,
  table: TableFacts,
  groups: readonly Combination[][],
  row: number,
  attempt: number,
): Promise<Combination> {
  const values = groups.map((group, place) => {
    const isBound = Object.keys(group[0] ?? {}).length > 1;
    return group[(row + (isBound ? Math.floor(attempt / 3) : attempt * (place + 1))) % group.length];
  });
  let chosen: Combination = Object.assign({}, ...values);
  for (const { columns, references, referenced } of table.foreignKeys.filter(
    ({ columns }) => columns.length > 1,
  )) {
    const list = referenced.map(
      (name, index) => `${identifier(name)}::text as ${identifier(columns[index] ?? '')}`,
    );
    const { rows } = await session.query(
      `select ${list.join(', ')} from ${references} order by random() limit 1`,
    );
    chosen = { ...chosen, ...(rows[0] as Combination | undefined) };
  }
  return chosen;
}

async function insert(
  session: AdminSession,
  { name, columns }: TableFacts,
  row: Combination,
): Promise<boolean> {
  const names = columns.map((column) => identifier(column.name));
  const values = columns.map(({ type }, index) => `$${index + 1}::text::${type}`);
  const { rows } = await session.query(
    `insert into ${name} (${names.join(', ')}) values (${values.join(', ')}) on conflict do nothing returning true`,
    columns.map((column) => row[column.name] ?? null),
  );
  return rows.length > 0;
}
