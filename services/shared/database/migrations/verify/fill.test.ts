/** Guarantee: filling again is quick, and leaves no table with fewer kinds of rows than filling once does. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { createTestDatabase, type TestDatabase } from '../../testing/index.ts';
import { type FillMemory, fillTables } from './fill.ts';

let db: TestDatabase;
before(async () => {
  db = await createTestDatabase();
  await db.admin.query(`
    create schema extra;
    create table extra.moods (id uuid primary key, mood text not null check (mood in ('a', 'b', 'c', 'd', 'e', 'f')))`);
});
after(async () => await db[Symbol.asyncDispose]());

async function valuesOf(column: string, table: string): Promise<string[]> {
  const { rows } = await db.admin.query(`select distinct ${column}::text as value from ${table} order by 1`);
  return rows.map(({ value }) => value);
}

test('a table as it was gets a few rows more; one that changed, was emptied, or is judged otherwise gets all', async () => {
  const memory: FillMemory = { full: new Map(), judged: new Map() };
  const first = await fillTables(db.admin, memory);
  const again = await fillTables(db.admin, memory);
  assert.ok(again > 40 && again < first / 2, `${first} rows, then ${again}`);

  await db.admin.query(
    `alter table extra.moods add column size text check (size in ('s', 'm', 'l', 'xl', 'xxl'))`,
  );
  await fillTables(db.admin, memory);
  assert.deepEqual((await valuesOf('size', 'extra.moods where size is not null')).length, 5);

  await db.admin.query('delete from extra.moods');
  await fillTables(db.admin, memory);
  assert.equal((await valuesOf('mood', 'extra.moods')).length, 6);

  await db.admin.query(`create function extra.any() returns integer language sql as 'select 1'`);
  const otherwise = await fillTables(db.admin, memory);
  assert.ok(otherwise > again, `${again} rows, then ${otherwise}`);
});
