/** What only PostgreSQL can say about a change: which casts there are, and which value a column would take. */
import type { Catalog, Table } from './catalog.ts';
import { literal, quote } from './change.ts';

export type ServerKnowledge = {
  /** The `using` clause that changing the type of a column needs, or an empty text. */
  castOf(column: string, from: string, to: string): string;
  /** A value for the rows of a not-null column that comes back; undefined where none would do. */
  placeholderOf(table: string, column: string): string | undefined;
};

type Session = { query(text: string): Promise<{ rows: Record<string, unknown>[] }> };

/** Asks whatever `diffCatalogs(from, to)` will want to know. */
export async function askServer(session: Session, from: Catalog, to: Catalog): Promise<ServerKnowledge> {
  const casts = new Map<string, string>();
  const placeholders = new Map<string, string>();
  for (const table of to.tables.values()) {
    const before = from.tables.get(table.key);
    if (before === undefined) continue;
    for (const column of table.columns.values()) {
      const old = before.columns.get(column.name);
      if (old === undefined && column.notNull) {
        const found = await placeholder(session, table, column.name);
        if (found !== undefined) placeholders.set(`${table.key}.${column.name}`, found);
      }
      if (old !== undefined && old.type !== column.type) {
        const cast = await neededCast(session, old.type, column.type);
        casts.set(`${old.type} ${column.type}`, cast);
      }
    }
  }
  return {
    castOf: (column, a, b) => casts.get(`${a} ${b}`)?.replaceAll('?', quote(column)) ?? '',
    placeholderOf: (table, column) => placeholders.get(`${table}.${column}`),
  };
}

/**
 * An explicit cast cuts what is too long without a word, an assignment refuses it: so `using` stands only where
 * PostgreSQL has no assignment from the one type to the other.
 */
async function neededCast(session: Session, from: string, to: string): Promise<string> {
  for (const cast of ['', ` using ?::${to}`]) {
    const attempt = cast.replaceAll('?', 'c');
    const sql = `create temporary table probe (c ${from}); alter table probe alter column c type ${to}${attempt}`;
    if (await works(session, sql)) return cast;
  }
  return ` using ?::text::${to}`;
}

const byType: readonly (readonly [RegExp, readonly string[]])[] = [
  [/^(text|character varying|character|citext)/, ["''", "'unknown'", "'x'", "'XXX'"]],
  [/^(smallint|integer|bigint|numeric|real|double precision)/, ['0', '1']],
  [/^boolean/, ['false', 'true']],
  [/^timestamp|^date/, ["'epoch'", 'now()']],
  [/^jsonb?$/, ["'{}'", "'[]'"]],
  [/^bytea/, ["'\\x'", `'\\x${'00'.repeat(32)}'`]],
  [/^inet/, ["'0.0.0.0'"]],
];

/** The first plain value that every check of the column accepts; a key or a reference can have none. */
async function placeholder(session: Session, table: Table, name: string): Promise<string | undefined> {
  const column = table.columns.get(name);
  if (column === undefined || column.default !== null || column.generated !== null) return undefined;
  const constraints = [...table.constraints.values()].filter(({ columns }) => columns.includes(name));
  if (constraints.some(({ kind }) => kind !== 'c')) return undefined;
  const isUnique = [...table.indexes.values()].some(
    ({ unique, definition }) => unique && definition.includes(name),
  );
  if (isUnique) return undefined;
  const checks = constraints
    .filter(({ columns }) => columns.length === 1)
    .map(({ definition }) => definition.replace(/^CHECK /, '').replace(/ NOT VALID$/, ''));
  for (const value of candidates(column.type, checks)) {
    const sql = `create temporary table probe (${quote(name)} ${column.type} ${checks.map((check) => `check ${check}`).join(' ')});
      insert into probe values (${value})`;
    if (await works(session, sql)) return `${value}::${column.type}`;
  }
  return undefined;
}

/** What the checks name (the values of a closed set, the ends of a range) is likelier to be taken than a guess. */
function candidates(type: string, checks: readonly string[]): string[] {
  const plain = byType.find(([pattern]) => pattern.test(type))?.[1] ?? [];
  const named = checks.flatMap((check) => [
    ...[...check.matchAll(/'((?:[^']|'')*)'::/g)].map(([, text = '']) => literal(text.replaceAll("''", "'"))),
    ...[...check.matchAll(/(?<![\w'])\d+(?![\w'])/g)].map(([number]) => number),
  ]);
  return type.endsWith('[]') ? ["'{}'", ...named] : [...plain, ...named];
}

async function works(session: Session, sql: string): Promise<boolean> {
  try {
    await session.query(`begin; ${sql}`);
    return true;
  } catch {
    return false;
  } finally {
    await session.query('rollback');
  }
}
