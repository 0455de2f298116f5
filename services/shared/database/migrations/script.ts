/**
 * Migrations as a script for psql, for those who may not let a program change their database. It does what the runner
 * does: each migration records itself, those that the database has had are left out, and what was edited is refused.
 */

import { ownerRole } from '../provision/roles.ts';
import { doBlock, literal } from '../provision/sql-text.ts';
import { bookkeepingSql, type Direction } from './bookkeeping.ts';
import type { Migration } from './files.ts';
import { firstLocks } from './first-locks.ts';
import { schemaLock } from './owner-transaction.ts';

export type ScriptOptions = {
  readonly direction: Direction;
  /** In the order in which they are to run. */
  readonly migrations: readonly Migration[];
  /** SQL that comes first, for a database that may lack the roles. */
  readonly provisioning?: string;
};

const begin = `begin;
set local role ${ownerRole};
set local statement_timeout = 0;
set local lock_timeout = '5s';`;

export function migrationScript({ direction, migrations, provisioning }: ScriptOptions): string {
  return [
    `-- Quantum Hub: migrations ${direction}. Run it with psql -d DATABASE -f FILE; it can be run again at any time.`,
    '\\set ON_ERROR_STOP on',
    ...(provisioning ? [`\n${provisioning.trimEnd()}`] : []),
    `\n-- What this database has had.\n${begin}\n${bookkeepingSql}\ncommit;`,
    ...migrations.map((migration) => block(migration, direction)),
    '',
  ].join('\n');
}

function block(migration: Migration, direction: Direction): string {
  const { header } = migration[direction];
  const lossy = direction === 'down' && migration.up.header.reversible === 'loses data';
  const title = `\n-- ${migration.name} ${direction}: ${header.description}${lossy ? '\n-- This deletes rows for good.' : ''}`;
  return [
    title,
    header.transaction === 'none' ? alone(migration, direction) : whole(migration, direction),
  ].join('\n');
}

function whole(migration: Migration, direction: Direction): string {
  const locks = firstLocks(migration[direction].statements);
  return [
    begin,
    guard(migration, true),
    ask(migration, direction),
    '\\if :qhub_wanted',
    ...(locks ? ['-- Waits for a vacuum now, while writers go on.', locks.sql] : []),
    sqlOf(migration, direction),
    `set local role ${ownerRole};`,
    record(migration, direction),
    '\\endif',
    'commit;',
  ].join('\n');
}

/** Without a transaction: `hub.migrations` says before it that it has begun, and after it that it is done. */
function alone(migration: Migration, direction: Direction): string {
  const name = literal(migration.name);
  const begun =
    direction === 'up'
      ? `insert into hub.migrations (name, sha256, applied_at, unfinished) values (${name}, '${migration.sha256}', null, 'up');`
      : `update hub.migrations set unfinished = 'down' where name = ${name};`;
  return [
    `set role ${ownerRole};`,
    'set statement_timeout = 0;',
    guard(migration, false),
    ask(migration, direction),
    '\\if :qhub_wanted',
    begun,
    sqlOf(migration, direction),
    record(migration, direction),
    '\\endif',
    'reset statement_timeout;',
    'reset role;',
  ].join('\n');
}

/** It does not wait for another runner: one that builds an index concurrently would wait for it in turn. */
function guard({ name, sha256 }: Migration, locks: boolean): string {
  const lock = `
  if not pg_try_advisory_xact_lock(${schemaLock}) then
    raise exception 'another runner of migrations is at work: run this script again when it is done';
  end if;`;
  return doBlock(`
begin${locks ? lock : ''}
  if exists (select from hub.migrations where name = ${literal(name)} and unfinished is not null) then
    raise exception ${literal(`the migration ${name} was begun and not finished: see npx qhub db migration status`)};
  end if;
  if exists (select from hub.migrations where name = ${literal(name)} and sha256 <> '${sha256}') then
    raise exception ${literal(`the migration ${name} was changed after it was applied: restore its file`)};
  end if;
end`);
}

function ask({ name }: Migration, direction: Direction): string {
  const no = direction === 'up' ? 'not ' : '';
  return `select ${no}exists (select from hub.migrations where name = ${literal(name)}) as qhub_wanted \\gset`;
}

function record({ name, sha256 }: Migration, direction: Direction): string {
  if (direction === 'down') return `delete from hub.migrations where name = ${literal(name)};`;
  return `insert into hub.migrations (name, sha256) values (${literal(name)}, '${sha256}')
  on conflict (name) do update set applied_at = now(), unfinished = null;`;
}

/** The file as it is; a last statement without semicolon gets one. */
function sqlOf(migration: Migration, direction: Direction): string {
  const { text, statements } = migration[direction];
  const last = statements.at(-1);
  const rest = last ? text.slice(last.offset + last.text.length) : ';';
  return `${text.trimEnd()}${rest.includes(';') ? '' : '\n;'}`;
}
