/** Guarantee: before a statement locks a table, everything that it locks is waited for in a way that stops no writer. */
import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import type { TestDatabase } from '../testing/index.ts';
import { firstLocks } from './first-locks.ts';
import { splitStatements } from './statements.ts';
import { emptyDatabase, wipe } from './test-migrations.ts';

let database: TestDatabase;
before(async () => {
  database = await emptyDatabase();
});
beforeEach(async () => {
  await wipe(database);
  await database.admin.query(`
    create schema trial;
    create table trial.notes (id integer primary key, text text);
    create table trial."No""tes" (id integer primary key, note_id integer references trial.notes);
    create index notes_text on trial.notes (text);
    create table trial.parts (id integer) partition by range (id);
    create table trial.part_1 partition of trial.parts for values from (0) to (10);
    create view trial.seen as select id from trial.notes;`);
});
after(async () => await database[Symbol.asyncDispose]());

/** What is locked before the first of these statements, and that it is no stronger lock. */
async function lockedBefore(sql: string): Promise<string[]> {
  const locks = firstLocks(splitStatements(sql));
  const { admin } = database;
  if (locks === undefined) return [];
  await admin.query('begin');
  try {
    await admin.query(locks.sql);
    const { rows } = await admin.query(`
      select relation::regclass::text as name, mode from pg_locks join pg_class c on c.oid = relation
       where pid = pg_backend_pid() and c.relkind in ('r', 'p', 'v') and c.relnamespace::regnamespace::text = 'trial' order by 1`);
    assert.ok(
      rows.every(({ mode }) => mode === 'ShareUpdateExclusiveLock'),
      JSON.stringify(rows),
    );
    const { rows: set } = await admin.query('show lock_timeout');
    assert.equal(set[0].lock_timeout, '0');
    return rows.map(({ name }) => name);
  } finally {
    await admin.query('rollback');
  }
}

describe('the tables that are waited for first', () => {
  const cases: readonly (readonly [string, readonly string[]])[] = [
    ['alter table only trial.notes alter text set not null', ['trial.notes']],
    ['ALTER TABLE IF EXISTS "trial"."No""tes" add n integer', ['trial."No""tes"']],
    ['alter table trial.parts add n integer', ['trial.part_1', 'trial.parts']],
    [
      'create table trial.new (id integer references trial.notes (id)); alter table trial.new add n integer',
      ['trial.notes'],
    ],
    ['alter table trial."No""tes" drop constraint x', ['trial."No""tes"', 'trial.notes']],
    ['alter table trial.notes alter id type bigint', ['trial."No""tes"', 'trial.notes']],
    ['drop table trial."No""tes"', ['trial."No""tes"', 'trial.notes']],
    ['drop index trial.notes_text', ['trial."No""tes"', 'trial.notes']],
    ['create unique index on trial.notes (id)', ['trial.notes']],
    ['create or replace trigger x before update of id on trial.notes execute function f()', ['trial.notes']],
    ['create constraint trigger x after insert on trial.notes execute function f()', ['trial.notes']],
    ['alter policy x on trial.notes using (trial.notes.id > 1)', ['trial.notes']],
    ['truncate trial.parts', ['trial.part_1', 'trial.parts']],
    [
      'select 1; truncate trial.notes; alter table trial.parts add n integer',
      ['trial.notes', 'trial.part_1', 'trial.parts'],
    ],
    ['update trial.notes set id = 1', []],
    ['create index concurrently on trial.notes (id)', []],
    ["comment on table trial.notes is 'alter table'", []],
    ['create view trial.other as select * from trial.notes', []],
    ['alter table trial.seen rename to looked', []],
  ];
  for (const [sql, expected] of cases) {
    it(sql, async () => assert.deepEqual(await lockedBefore(sql), expected));
  }
});
