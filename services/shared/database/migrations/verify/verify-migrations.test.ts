/** Guarantee: a migration whose way back is not one, or that fails on rows, is found by trying it; the hub's own all pass. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { placeOn } from '../../scratch/scratch-server.ts';
import { verifyOn } from '../../setup/verify-on-scratch.ts';
import { createTestDatabase, startTestServer, type TestDatabase } from '../../testing/index.ts';
import type { UpHeader } from '../header.ts';
import { emptyDatabase, MigrationFolder, type Sample } from '../test-migrations.ts';
import { fillTables } from './fill.ts';
import { verifyMigrations } from './verify-migrations.ts';

const base: Sample = {
  up: `create schema trial;
create table trial.notes (id uuid primary key, name text not null check (char_length(name) <= 20), kind text not null check (kind in ('a', 'b')),
  amount integer check (amount between 1 and 9));
create index notes_name on trial.notes (name);`,
  down: 'drop table trial.notes;\ndrop schema trial;',
  header: { reversible: 'loses data' },
};

const loses: Partial<UpHeader> = { reversible: 'loses data' };

/** What is tried behind the base, and what of each fault has to be named; nothing where all is well. */
const cases: Record<string, Sample & { readonly faults: readonly RegExp[] }> = {
  column: {
    up: `alter table trial.notes add column more text`,
    down: 'alter table trial.notes drop column more',
    header: loses,
    faults: [],
  },
  concurrent_index: {
    up: 'create index concurrently notes_kind on trial.notes (kind)',
    down: 'drop index concurrently trial.notes_kind',
    header: { transaction: 'none' },
    faults: [],
  },
  one_way: { up: `comment on table trial.notes is 'x'`, down: '', header: { reversible: 'no' }, faults: [] },
  forgotten_index: {
    up: 'create index forgotten on trial.notes (amount)',
    down: 'select 1',
    faults: [/after down of .* the index trial\.forgotten is extra/, /second up|already exists/],
  },
  other_comment: {
    up: `comment on column trial.notes.name is 'x'`,
    down: `comment on column trial.notes.name is 'y'`,
    faults: [/after down of .* the column trial\.notes\.name has another comment: expected none, found y/],
  },
  rows_changed: {
    up: `update trial.notes set name = 'same' where name <> 'same'`,
    down: 'select 1',
    faults: [/after down on|after down of .* the rows of trial\.notes are others than before/],
  },
  rows_lost: {
    up: 'create table trial.others (id uuid primary key)',
    down: 'drop table trial.others',
    faults: [
      /after the second up on rows made after it of .* the rows of trial\.others are others than before/,
    ],
  },
  up_fails_on_rows: {
    up: 'alter table trial.notes add column must text not null',
    down: 'alter table trial.notes drop column must',
    faults: [/_up_fails_on_rows.*contains null values/],
  },
  down_fails_on_rows: {
    up: 'alter table trial.notes drop column kind',
    down: 'alter table trial.notes add column kind text not null',
    header: loses,
    faults: [/_down_fails_on_rows.*contains null values/],
  },
  down_fails_on_later_rows: {
    up: 'alter table trial.notes alter column name drop not null',
    down: 'alter table trial.notes alter column name set not null',
    faults: [/_down_fails_on_later_rows.*contains null values/],
  },
};

let database: TestDatabase;
before(async () => {
  database = await emptyDatabase();
});
after(async () => await database[Symbol.asyncDispose]());

async function tryOut(name: string, sample: Sample) {
  await database.admin.query('drop schema if exists trial cascade; drop schema hub cascade');
  using folder = new MigrationFolder({ '20260101T000000_base': base, [`20260101T000001_${name}`]: sample });
  const [first, second] = await verifyMigrations(database.admin, folder.read());
  assert.deepEqual(first?.faults, []);
  return second;
}

describe('a migration', () => {
  // Only the tables of the test are to be filled.
  before(async () => {
    for (const schema of ['execution', 'marketplace', 'development', 'identity']) {
      await database.admin.query(`drop schema ${schema} cascade`);
    }
  });
  for (const [name, { faults, ...sample }] of Object.entries(cases)) {
    it(`${name}: ${faults.length === 0 ? 'is well' : 'is found'}`, async () => {
      const verified = await tryOut(name, sample);
      const text = verified?.faults.join('\n') ?? '';
      for (const fault of faults) assert.match(text, fault);
      if (faults.length === 0) assert.equal(text, '');
      assert.ok((verified?.rows ?? 0) > 0 || verified?.completed === false, 'rows were made');
    });
  }
});

describe('the hub', () => {
  it('has tables that are filled with nulls, limits and every value of a closed set', async () => {
    await using hub = await createTestDatabase();
    assert.ok((await fillTables(hub.admin)) > 150);
    const { rows: columns } = await hub.admin.query(`
      select c.oid::regclass::text as table, attname as column, not attnotnull as nullable,
             (select array_agg(m[1]) from pg_constraint k, regexp_matches(pg_get_constraintdef(k.oid), '''([^'']*)''::text', 'g') m
               where k.conrelid = c.oid and k.conkey = array[attnum] and pg_get_constraintdef(k.oid) ~ ('CHECK \\(\\(' || attname || ' = ANY')) as set
        from pg_attribute join pg_class c on c.oid = attrelid
       where relnamespace::regnamespace::text in ('identity', 'development', 'marketplace', 'execution') and relkind in ('r', 'p') and not relispartition
         and attnum > 0 and not attisdropped`);
    let sets = 0;
    const missing: string[] = [];
    for (const { table, column, nullable, set } of columns) {
      const { rows } = await hub.admin.query(
        `select array_agg(distinct "${column}"::text) as values, count(*) filter (where "${column}" is null) as nulls from ${table}`,
      );
      const { values, nulls } = rows[0] as { values: string[]; nulls: string };
      const present = (values ?? []).filter((value) => value !== null);
      if (present.length === 0) missing.push(`${table}.${column} has no value`);
      // A trigger fills it in.
      const isKept = `${table}.${column}` === 'execution.job_results.user_id';
      if (nullable && !isKept && nulls === '0') missing.push(`${table}.${column} has no null`);
      if (set === null) continue;
      sets += 1;
      const absent = set.filter((value: string) => !present.includes(value));
      if (absent.length > 0) missing.push(`${table}.${column} lacks ${absent}`);
    }
    assert.deepEqual(missing, []);
    assert.ok(sets >= 15, `${sets} closed sets`);
  });

  it('has migrations that all go up, down and up again, and lead to the models', {
    timeout: 600_000,
  }, async () => {
    await using server = await startTestServer();
    const { migrations, faults } = await verifyOn(placeOn(server), Number.parseInt(server.version, 10));
    assert.ok(migrations.length >= 4);
    assert.deepEqual(
      migrations.flatMap((migration) => migration.faults),
      [],
    );
    assert.deepEqual(faults, []);
    assert.ok(migrations.slice(1).every(({ rows }) => rows > 50));
  });
});
