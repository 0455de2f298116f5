/** Guarantee: of each table that was there it is told how strongly it was locked, and nothing of what is new. */
import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import type { TestDatabase } from '../testing/index.ts';
import { heldLocks, loneLocks, readRelations } from './table-locks.ts';
import { emptyDatabase } from './test-migrations.ts';

let db: TestDatabase;
before(async () => {
  db = await emptyDatabase();
});
after(async () => await db[Symbol.asyncDispose]());
beforeEach(async () => {
  await db.admin.query(`drop schema if exists trial cascade; create schema trial;
    create table trial.notes (id integer primary key, text text); create index notes_text on trial.notes (text);
    create table trial."Odd name" (note integer);
    create table trial.parts (id integer) partition by range (id);
    create table trial.parts_1 partition of trial.parts for values from (0) to (1);
    create table trial.parts_2 partition of trial.parts for values from (1) to (2)`);
});

/** What each statement locks: `mode` without its last syllable, `table`, and partitions where there are some. */
const cases: Record<string, string[]> = {
  'select from trial.notes': ['AccessShare trial.notes'],
  'insert into trial.notes values (1)': ['RowExclusive trial.notes'],
  'create index on trial.notes (id)': ['Share trial.notes'],
  'alter table trial."Odd name" add foreign key (note) references trial.notes': [
    'ShareRowExclusive trial.Odd name',
    'ShareRowExclusive trial.notes',
  ],
  'select from trial.notes; drop table trial.notes': ['AccessExclusive trial.notes'],
  'alter table trial.parts add column more text': ['AccessExclusive trial.parts 2'],
  'truncate trial.parts_1': ['AccessExclusive trial.parts 1'],
  'create table trial.newer (id integer); insert into trial.newer values (1)': [],
};

for (const [sql, locks] of Object.entries(cases)) {
  test(sql, async () => {
    const relations = await readRelations(db.admin);
    await db.admin.query('begin');
    await db.admin.query(sql);
    const held = await heldLocks(db.admin, relations);
    await db.admin.query('rollback');
    assert.deepEqual(held.map(short), locks);
  });
}

test('outside of a transaction it is told by the statement', async () => {
  const relations = await readRelations(db.admin);
  const locks = (sql: string) => loneLocks(sql, relations)?.map(short);
  assert.deepEqual(locks('create index concurrently x on trial."Odd name" (note)'), [
    'ShareUpdateExclusive trial.Odd name',
  ]);
  assert.deepEqual(locks('drop index concurrently TRIAL.notes_text'), ['ShareUpdateExclusive trial.notes']);
  assert.deepEqual(locks('alter table trial.parts detach partition trial.parts_1 concurrently'), [
    'AccessExclusive trial.parts 1',
  ]);
  assert.equal(locks('reindex table concurrently trial.notes'), undefined);
});

function short({ mode, table, partitions }: { mode: string; table: string; partitions: number }): string {
  return `${mode.replace(/Lock$/, '')} ${table}${partitions > 0 ? ` ${partitions}` : ''}`;
}
