/**
 * Lets a vacuum go before writers have to wait for it. A statement that asks for a strong lock on a table under vacuum
 * stops every writer behind it until PostgreSQL cancels the autovacuum, which it does after `deadlock_timeout` (1 s; with
 * 10 million rows a writer waited 1,020 ms). SHARE UPDATE EXCLUSIVE waits for the vacuum just the same, but no writer
 * waits behind it; held until the end of the transaction it keeps the next vacuum away. All locks come first: once the
 * first statement holds a strong one, waiting for another table would stop the writers of this one.
 */
import { doBlock, literal } from '../provision/sql-text.ts';
import { type SqlToken, sqlTokens } from './sql-tokens.ts';
import type { Statement } from './statements.ts';

const strong = /^(create|alter|drop) (\w+ ){0,2}?(table|index|trigger|policy|rule)\b|^truncate\b/;

/** A schema, or '' where none is written, and a name. */
type Name = readonly [string, string];

type Named = {
  readonly statement: Statement;
  readonly names: readonly Name[];
  /** It may take along foreign keys, which locks the tables at their other ends. */
  readonly unlinks: boolean;
};

/** The first of these statements that may want a strong lock on a table, and SQL to be run before all of them. */
export function firstLocks(
  statements: readonly Statement[],
): { readonly before: Statement; readonly sql: string } | undefined {
  const named = statements.flatMap((statement) => namesIn(statement) ?? []);
  const [first] = named;
  if (first === undefined) return undefined;
  const rows = named.flatMap(({ names, unlinks }) =>
    names.map(([schema, name]) => `(${literal(schema)}, ${literal(name)}, ${unlinks})`),
  );
  return { before: first.statement, sql: lockSql([...new Set(rows)]) };
}

/** All names, since those that are no table are not found there; a lock too many hurts nobody but a vacuum. */
function namesIn(statement: Statement): Named | undefined {
  const tokens = sqlTokens(statement.text);
  const words = tokens.map(({ kind, text }) => (kind === 'word' ? text : '_'));
  const isStrong = strong.test(words.slice(0, 5).join(' ')) && !words.slice(0, 5).includes('concurrently');
  if (!isStrong) return undefined;
  const unlinks = words.includes('drop') || words.includes('type');
  return { statement, names: chainsOf(tokens), unlinks };
}

/** `a.b` and `"a"."b"`, also as the beginning of `a.b.c`; and single names. */
function chainsOf(tokens: readonly SqlToken[]): Name[] {
  const isName = (token: SqlToken | undefined) => token?.kind === 'word' || token?.kind === 'name';
  const isDot = (at: number) => tokens[at]?.text === '.' && tokens[at]?.kind === 'symbol';
  return tokens.flatMap((token, at): Name[] => {
    if (!isName(token) || isDot(at - 1)) return [];
    const next = tokens[at + 2];
    return isDot(at + 1) && next && isName(next) ? [[token.text, next.text]] : [['', token.text]];
  });
}

/**
 * Nobody but another change waits behind these locks, so `lock_timeout` is longer here: with a `deadlock_timeout` above
 * it no vacuum would ever be cancelled.
 */
function lockSql(rows: readonly string[]): string {
  return doBlock(`
declare
  usual constant integer := (select setting from pg_settings where name = 'lock_timeout');
  locked regclass;
begin
  if usual > 0 then
    perform set_config('lock_timeout', (usual + (select setting::integer from pg_settings where name = 'deadlock_timeout'))::text, true);
  end if;
  for locked in
    with named as (
      select coalesce(i.indrelid, c.oid) as id, named.unlinks
        from (values ${rows.join(', ')}) as named (schema, name, unlinks)
        join pg_class c on c.relname = named.name
        join pg_namespace n on n.oid = c.relnamespace
        left join pg_index i on i.indexrelid = c.oid
       where case named.schema when '' then pg_table_is_visible(c.oid) else n.nspname = named.schema end
    )
    select c.oid from pg_class c
     where c.relkind in ('r', 'p') and not c.relnamespace::regnamespace::text ~ '^(pg_|information_schema)'
       and has_table_privilege(c.oid, 'update, delete, truncate')
       and c.oid in (select id from named union all
                     select case named.id when k.conrelid then k.confrelid else k.conrelid end
                       from named join pg_constraint k on named.unlinks and k.contype = 'f' and named.id in (k.conrelid, k.confrelid))
     order by c.oid::regclass::text
  loop
    execute format('lock table %s in share update exclusive mode', locked);
  end loop;
  perform set_config('lock_timeout', usual::text, true);
end`);
}
