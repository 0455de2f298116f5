/** The server judges candidates: those that a column's type and checks accept, and rows of values that checks over several columns accept. */
import { identifier } from '../../provision/sql-text.ts';
import type { AdminSession } from '../owner-transaction.ts';
import { candidatesFor } from './candidates.ts';
import type { CheckFacts, ColumnFacts, ForeignKeyFacts, TableFacts } from './table-facts.ts';

/** Values, by column, that go together; null is null. */
export type Combination = Readonly<Record<string, string | null>>;

/** How many rows of values the server is asked to judge at once. */
const mostCombinations = 10_000;
/** In a combination, where every value meets every other. */
const longestCombined = 2_000;
const referencedRows = 12;

/** What the server said of candidates, by the question: tables are filled again and again, and most stay as they are. */
export type Judged = Map<string, string[]>;

/** What each group of columns may hold: columns that a check binds together are one group. */
export async function acceptedValues(
  session: AdminSession,
  table: TableFacts,
  judged: Judged = new Map(),
): Promise<Combination[][]> {
  const values = new Map<string, (string | null)[]>();
  for (const column of table.columns) values.set(column.name, await valuesOf(session, table, column, judged));
  const groups: Combination[][] = [];
  for (const group of groupsOf(table)) {
    const checks = table.checks.filter(
      (check) => check.columns.length > 1 && check.columns.some((name) => group.includes(name)),
    );
    const [only = ''] = group;
    const columns = table.columns.filter(({ name }) => group.includes(name));
    groups.push(
      checks.length === 0
        ? (values.get(only) ?? []).map((value) => ({ [only]: value }))
        : covering(await combinations(session, table, columns, checks, values)),
    );
  }
  return groups;
}

async function valuesOf(
  session: AdminSession,
  table: TableFacts,
  column: ColumnFacts,
  judged: Judged,
): Promise<(string | null)[]> {
  const key = table.foreignKeys.find(({ columns }) => columns.length === 1 && columns[0] === column.name);
  const own = table.checks.filter(({ columns }) => columns.length === 1 && columns[0] === column.name);
  const expressions = own.map(({ expression }) => expression);
  const found = key ? await referenced(session, key) : candidatesFor(column, expressions);
  const question = JSON.stringify([column.name, column.type, expressions, found]);
  const accepted = judged.get(question) ?? (await acceptedOf(session, column, expressions, found));
  judged.set(question, accepted);
  return column.notNull ? accepted : [null, ...accepted];
}

async function referenced(
  session: AdminSession,
  { references, referenced }: ForeignKeyFacts,
): Promise<string[]> {
  const column = identifier(referenced[0] ?? '');
  const { rows } = await session.query(
    `select ${column}::text as value from ${references} order by random() limit ${referencedRows}`,
  );
  return rows.map(({ value }) => String(value));
}

async function acceptedOf(
  session: AdminSession,
  { name, type }: ColumnFacts,
  checks: readonly string[],
  candidates: readonly string[],
): Promise<string[]> {
  const judge = async (some: readonly string[]) => {
    const { rows } = await session.query(
      `select judged_number as number from unnest($1::text[]) with ordinality judged (judged_text, judged_number),
              lateral (select judged_text::${type} as ${identifier(name)}) judged_value
        where ${conditions(checks)}`,
      [some],
    );
    return rows.map(({ number }) => some[Number(number) - 1] ?? '');
  };
  try {
    return await judge(candidates);
  } catch {
    // One that the type can't read spoils them all: ask for each by itself.
    const judged: string[] = [];
    for (const candidate of candidates) judged.push(...(await judge([candidate]).catch(() => [])));
    return judged;
  }
}

function conditions(checks: readonly string[]): string {
  return ['true', ...checks.map((check) => `coalesce((${check}), true)`)].join(' and ');
}

function groupsOf({ columns, checks }: TableFacts): string[][] {
  const groups = new Map(columns.map(({ name }) => [name, [name]]));
  for (const { columns: bound } of checks) {
    const merged = [...new Set(bound.flatMap((name) => groups.get(name) ?? []))];
    for (const name of merged) groups.set(name, merged);
  }
  return [...new Set(groups.values())];
}

async function combinations(
  session: AdminSession,
  table: TableFacts,
  columns: readonly ColumnFacts[],
  checks: readonly CheckFacts[],
  values: ReadonlyMap<string, readonly (string | null)[]>,
): Promise<Combination[]> {
  const lists = fewEnough(
    columns.map(({ name }) => ({
      values: shortest(values.get(name) ?? []),
      isClosed: isClosedSet(table, name),
    })),
  );
  const sources = columns.map(
    ({ name, type }, index) =>
      `(select t::${type} as ${identifier(name)}, n as n${index} from unnest($${index + 1}::text[]) with ordinality u (t, n)) s${index}`,
  );
  const numbers = columns.map((_, index) => `n${index}`).join(', ');
  const { rows } = await session.query(
    `select array[${numbers}]::integer[] as numbers from ${sources.join(' cross join ')}
      where ${conditions(checks.map(({ expression }) => expression))}`,
    lists,
  );
  return rows.map(({ numbers }) =>
    Object.fromEntries(
      columns.map(({ name }, index) => [
        name,
        lists[index]?.[((numbers as number[])[index] ?? 0) - 1] ?? null,
      ]),
    ),
  );
}

function shortest(values: readonly (string | null)[]): (string | null)[] {
  const short = values.filter((value) => (value?.length ?? 0) <= longestCombined);
  return short.length > 0 ? short : values.slice(0, 2);
}

type Choice = { readonly values: readonly (string | null)[]; readonly isClosed: boolean };

/** The longest lists are cut, from behind, until the server need not judge too many combinations; closed sets last. */
function fewEnough(choices: readonly Choice[]): (string | null)[][] {
  let open = Math.max(...choices.map(({ values }) => values.length));
  let closed = open;
  const cut = () => choices.map(({ values, isClosed }) => values.slice(0, isClosed ? closed : open));
  while (cut().reduce((product, { length }) => product * length, 1) > mostCombinations && closed > 2) {
    if (open > 2) open -= 1;
    else closed -= 1;
  }
  return cut();
}

function isClosedSet({ checks }: TableFacts, column: string): boolean {
  return checks.some(
    ({ columns, expression }) => columns.length === 1 && columns[0] === column && /= ANY \(/.test(expression),
  );
}

/** Few of them, in which each value that can be there is there. */
function covering(all: readonly Combination[]): Combination[] {
  const seen = new Set<string>();
  return all.filter((combination) => {
    const marks = Object.entries(combination).map(([name, value]) => `${name} ${value}`);
    const isNew = marks.some((mark) => !seen.has(mark));
    if (isNew) for (const mark of marks) seen.add(mark);
    return isNew;
  });
}
