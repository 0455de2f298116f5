/** Rules of our own, for what squawk 2.66 lets pass. Each judges one statement. */
import { backupRole, maintenanceRole, signInRole, stewardRole, workerRole } from '../../provision/roles.ts';
import { type SqlToken, sqlTokens } from '../sql-tokens.ts';
import type { Fault } from './finding.ts';
import { hasWords, outside, partFrom, placesOf, wordsAt } from './words.ts';

type Rule = (tokens: readonly SqlToken[]) => Fault[];

/** Roles that may see every row: each acts for the hub itself and not for a person. */
const upkeepRoles: readonly string[] = [maintenanceRole, backupRole, workerRole, stewardRole, signInRole];

/** All faults of one statement; the body of a `do` block runs with the migration, so it is judged too. */
export function faultsOf(tokens: readonly SqlToken[]): Fault[] {
  const body = wordsAt(tokens, 0, 'do') ? tokens.filter(({ kind }) => kind === 'string') : [];
  const all = [tokens, ...body.map(({ text }) => sqlTokens(text))];
  return all.flatMap((part) => rules.flatMap((rule) => rule(part)));
}

/** Where a statement may begin: at the start, in parentheses, and in a block of PL/pgSQL. */
const beginnings = ['(', ';', 'begin', 'then', 'else', 'loop'];

function withoutWhere(tokens: readonly SqlToken[]): Fault[] {
  return ['update', 'delete from'].flatMap((verb) =>
    placesOf(tokens, verb)
      .filter((at) => at === 0 || beginnings.includes(tokens[at - 1]?.text ?? '') || isMain(tokens, at))
      .filter((at) => !isBounded(partFrom(tokens, at, [';'])))
      .map((): Fault => {
        const word = verb.split(' ')[0];
        return {
          rule: `${word}-without-where`,
          message: `${word} without where changes every row; say which rows, or use a backfill in batches`,
        };
      }),
  );
}

/** The statement behind `with ... as (...)`. */
function isMain(tokens: readonly SqlToken[], at: number): boolean {
  return wordsAt(tokens, 0, 'with') && tokens[at - 1]?.text === ')';
}

function isBounded(statement: readonly SqlToken[]): boolean {
  const own = outside(statement);
  const where = placesOf(own, 'where')[0];
  return (
    where !== undefined &&
    !(wordsAt(own, where + 1, 'true') && own.length === where + 2) &&
    !isAlwaysTrue(statement)
  );
}

function isAlwaysTrue(statement: readonly SqlToken[]): boolean {
  const where = placesOf(statement, 'where').at(-1) ?? 0;
  const condition = statement.slice(where + 1).filter(({ text }) => text !== '(' && text !== ')');
  return condition.length === 1 && condition[0]?.text === 'true';
}

function openPolicy(tokens: readonly SqlToken[]): Fault[] {
  if (!hasWords(tokens.slice(0, 2), 'create policy', 'alter policy')) return [];
  if (!hasWords(tokens, 'using ( true )', 'check ( true )')) return [];
  const to = placesOf(outside(tokens), 'to')[0];
  const roles = to === undefined ? ['public'] : rolesFrom(outside(tokens), to + 1);
  const open = roles.filter((role) => !upkeepRoles.includes(role));
  return open.length === 0
    ? []
    : [
        {
          rule: 'policy-always-true',
          message: `the policy shows every row to ${open.join(', ')}; name a condition, or one of the roles ${upkeepRoles.join(', ')}`,
        },
      ];
}

function rolesFrom(tokens: readonly SqlToken[], from: number): string[] {
  const end = tokens.findIndex(
    (_, at) => at >= from && (wordsAt(tokens, at, 'using') || wordsAt(tokens, at, 'with check')),
  );
  return tokens
    .slice(from, end === -1 ? undefined : end)
    .flatMap(({ kind, text }) => (kind === 'symbol' ? [] : [text]));
}

function definerWithoutPath(tokens: readonly SqlToken[]): Fault[] {
  const isRoutine = /^(create|alter)$/.test(tokens[0]?.text ?? '') && hasWords(tokens, 'security definer');
  if (!isRoutine || hasWords(tokens, 'set search_path')) return [];
  return [
    {
      rule: 'definer-without-search-path',
      message:
        'a security definer routine without a search_path of its own runs what its caller puts in the way; add `set search_path = pg_catalog, pg_temp`',
    },
  ];
}

/** What is wrong wherever its words stand in a statement of that kind. */
const forbidden: readonly {
  readonly begins: RegExp;
  readonly words: readonly string[];
  readonly fault: Fault;
}[] = [
  {
    begins: /^drop schema/,
    words: ['cascade'],
    fault: {
      rule: 'drop-schema-cascade',
      message:
        'drop schema ... cascade drops whatever is in it, known or not; drop each object by name first',
    },
  },
  {
    begins: /^alter table/,
    words: ['disable trigger', 'enable replica trigger'],
    fault: {
      rule: 'disable-trigger',
      message:
        'without its triggers the table takes what it must not, and dump and restore keep it so; leave them on',
    },
  },
  {
    begins: /^alter table/,
    words: ['disable row level security', 'no force row level security'],
    fault: {
      rule: 'row-security-off',
      message:
        'without forced row security every session sees every row; leave it on and name a policy for who needs more',
    },
  },
  {
    begins: /^(set|select)/,
    words: ['session_replication_role'],
    fault: {
      rule: 'disable-trigger',
      message: 'session_replication_role switches triggers and foreign keys off; leave them on',
    },
  },
  {
    begins: /^grant/,
    words: ['to public', ', public'],
    fault: {
      rule: 'grant-to-public',
      message: 'PUBLIC is every login of the server; grant to a role of provision/roles.ts',
    },
  },
  {
    begins: /^alter default/,
    words: ['to public'],
    fault: {
      rule: 'grant-to-public',
      message: 'PUBLIC is every login of the server; grant to a role of provision/roles.ts',
    },
  },
  {
    begins: /^(vacuum|cluster)/,
    words: ['vacuum full', '( full', ', full', 'cluster'],
    fault: {
      rule: 'table-rewrite',
      message: 'it rewrites the whole table and stops its readers meanwhile; that is upkeep and no migration',
    },
  },
  {
    begins: /^(begin|commit|rollback|end|abort|start transaction)/,
    words: ['begin', 'commit', 'rollback', 'end', 'abort', 'start'],
    fault: {
      rule: 'own-transaction',
      message:
        'the runner opens and ends the transaction; write `Transaction: none` for a statement that cannot run in one',
    },
  },
];

function forbiddenWords(tokens: readonly SqlToken[]): Fault[] {
  const beginning = `${tokens[0]?.text} ${tokens[1]?.text ?? ''}`;
  // A block of PL/pgSQL begins with `begin`, which opens no transaction there.
  const known = isBlock(tokens) ? [] : forbidden;
  return known
    .filter(({ begins, words }) => begins.test(beginning) && hasWords(tokens, ...words))
    .map(({ fault }) => fault);
}

function isBlock(tokens: readonly SqlToken[]): boolean {
  return /^(begin|declare)$/.test(tokens[0]?.text ?? '') && tokens.some(({ text }) => text === ';');
}

const rules: readonly Rule[] = [withoutWhere, openPolicy, definerWithoutPath, forbiddenWords];
