/** Guarantee: a dry run tells what migrations do, lock and fail at, and the database it is about is only read. */
import assert from 'node:assert/strict';
import { chmodSync, cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, before, test } from 'node:test';
import { lookForProgram } from '../backup/programs.ts';
import { readDatabaseConfig } from '../config.ts';
import { readInventory } from '../migrations/catalog/inventory.ts';
import { migrationsFolder, readMigrations } from '../migrations/files.ts';
import { MigrationFolder, type Sample } from '../migrations/test-migrations.ts';
import { createTestDatabase, type TestDatabase } from '../testing/index.ts';
import { connectAsAdmin, testServer } from '../testing/test-server.ts';
import { openPlace } from './database-place.ts';
import { type DryRunOptions, dryRunAt } from './dry-run-place.ts';

let db: TestDatabase;
let dumps: boolean;
const temporary = mkdtempSync(join(tmpdir(), 'qhub-dry-run-'));
const path = process.env.QHUB_POSTGRES_BIN;
before(async () => {
  db = await createTestDatabase();
  const { rows } = await db.admin.query(`select current_setting('server_version_num')::int / 10000 as major`);
  dumps = (await lookForProgram('pg_dump', { atLeast: rows[0].major })) !== undefined;
});
afterEach(() => {
  if (path === undefined) delete process.env.QHUB_POSTGRES_BIN;
  else process.env.QHUB_POSTGRES_BIN = path;
});
after(async () => {
  await db[Symbol.asyncDispose]();
  rmSync(temporary, { recursive: true });
});

/** The hub's migrations and those of a test behind them. */
function withMigrations(samples: Record<string, Sample>): MigrationFolder {
  const folder = new MigrationFolder();
  cpSync(join(migrationsFolder, 'versions'), join(folder.path, 'versions'), { recursive: true });
  for (const [name, sample] of Object.entries(samples)) folder.write(name, sample);
  folder.order([...readMigrations().map(({ name }) => name), ...Object.keys(samples)]);
  return folder;
}

async function dryRun(direction: 'up' | 'down', options: DryRunOptions, database = db.name) {
  const { host, port, user, password } = db.application;
  const config = readDatabaseConfig({
    POSTGRES_HOST: host,
    POSTGRES_PORT: String(port),
    POSTGRES_DB: database,
    POSTGRES_USER: user,
    POSTGRES_PASSWORD: password,
    POSTGRES_ADMIN_USER: db.administrator.user,
    POSTGRES_ADMIN_PASSWORD: db.administrator.password,
  });
  await using place = await openPlace(config, { purpose: 'test' });
  return await dryRunAt(place, 'test', direction, options);
}

/** All that a dry run could change, as text. */
async function everything(): Promise<string> {
  const { rows } = await db.admin.query('select * from hub.migrations order by name');
  return JSON.stringify([[...(await readInventory(db.admin))], rows]);
}

const changes: Record<string, Sample> = {
  '20990101T000000_columns': {
    up: `alter table execution.devices add column note text;\ncreate table execution.notes (id integer);`,
    down: 'drop table execution.notes;\nalter table execution.devices drop column note',
    header: { reversible: 'loses data' },
  },
  '20990101T000001_parts': {
    up: 'alter table execution.jobs add column note text; alter table execution.notes add column more text',
    down: 'alter table execution.notes drop column more; alter table execution.jobs drop column note',
  },
  '20990101T000002_index': {
    up: 'create index concurrently users_note on identity.users (id, created_at)',
    down: 'drop index concurrently identity.users_note',
    header: { transaction: 'none' },
  },
};

test('up tells times and locks, and only reads: others may hold all but exclusive access, and nothing may be written', async () => {
  using folder = withMigrations(changes);
  const { rows: tables } = await db.admin.query(
    `select c.oid::regclass::text as name from pg_class c where relkind in ('r', 'p') and relnamespace::regnamespace::text !~ '^(pg_|information_schema)'`,
  );
  await db.admin.query(`alter database ${db.name} set default_transaction_read_only = on`);
  const before = await everything();
  const holder = await connectAsAdmin(await testServer(), db.name);
  try {
    // EXCLUSIVE goes with ACCESS SHARE and with nothing else: any other lock would wait here until the test fails.
    await holder.query(`set default_transaction_read_only = off`);
    await holder.query('begin');
    await holder.query(`lock table ${tables.map(({ name }) => `only ${name}`).join(', ')} in exclusive mode`);
    const run = await dryRun('up', { migrations: folder.read() });
    assert.deepEqual(
      run.migrations.map(({ name, transaction, locks }) => [name.slice(16), transaction, locks]),
      [
        ['columns', 'one', [{ table: 'execution.devices', mode: 'AccessExclusiveLock', partitions: 0 }]],
        [
          'parts',
          'one',
          [
            {
              table: 'execution.jobs',
              mode: 'AccessExclusiveLock',
              partitions: dumps ? await partitionsOf('jobs') : 1,
            },
            { table: 'execution.notes', mode: 'AccessExclusiveLock', partitions: 0 },
          ],
        ],
        ['index', 'none', [{ table: 'identity.users', mode: 'ShareUpdateExclusiveLock', partitions: 0 }]],
      ],
    );
    assert.ok(run.migrations.every(({ durationMs }) => durationMs >= 0));
    assert.deepEqual([run.failure, run.notes.length], [undefined, dumps ? 0 : 1]);
  } finally {
    await holder.query('rollback');
    await holder.end();
    await db.admin.query(`alter database ${db.name} reset default_transaction_read_only`);
  }
  assert.equal(await everything(), before);
});

test('a migration that fails ends it with file, line and statement; what went before it is told', async () => {
  using folder = withMigrations({
    ...changes,
    '20990101T000003_broken': { up: 'select 1;\n\nselect nothing from nowhere;', down: 'select 1' },
  });
  const { migrations, failure, partitions } = await dryRun('up', { migrations: folder.read() });
  assert.equal(migrations.length, 3);
  assert.equal(failure?.code, 'database.migration_failed');
  assert.match(
    failure?.message ?? '',
    /20990101T000003_broken failed at versions\/20990101T000003_broken\.up\.sql, line 9, statement 2 \(select nothing from nowhere\): relation "nowhere" does not exist/,
  );
  assert.deepEqual(partitions, []);
});

test('down goes back on the copy without being allowed to lose rows, and says where it would', async () => {
  const before = await everything();
  const back = readMigrations()
    .toReversed()
    .map(({ name, up }) => ({ name, losesData: up.header.reversible === 'loses data' }));
  // So far that there is one of each kind, whichever migrations are the newest.
  const steps =
    1 + Math.max(...[true, false].map((loses) => back.findIndex((one) => one.losesData === loses)));
  const { migrations, failure } = await dryRun('down', { steps });
  assert.equal(failure, undefined);
  assert.ok(steps >= 2);
  assert.deepEqual(
    migrations.map(({ name, losesData }) => ({ name, losesData })),
    back.slice(0, steps),
  );
  assert.equal(await everything(), before);
});

test('the copy has what was made by hand in the database', async (t) => {
  if (!dumps)
    return t.skip('needs a pg_dump of the server’s major (Debian: apt-get install postgresql-client)');
  await db.admin.query(`create role "by ""hand"; create table execution."by hand" (id integer);
    alter table execution."by hand" owner to qhub_owner; grant select on execution."by hand" to "by ""hand";
    create policy one on execution."by hand" to "by ""hand" using (true)`);
  t.after(() => db.admin.query(`drop table execution."by hand"; drop role "by ""hand"`));
  using folder = withMigrations({
    '20990101T000000_hand': {
      up: 'revoke select on execution."by hand" from "by ""hand"; drop policy one on execution."by hand"',
      down: 'select 1',
    },
  });
  const { migrations, failure } = await dryRun('up', { migrations: folder.read() });
  assert.equal(failure, undefined);
  const lock = { table: 'execution.by hand', mode: 'AccessExclusiveLock', partitions: 0 };
  assert.deepEqual(migrations[0]?.locks, [lock]);
});

test('without a pg_dump that works the copy is made from the files, and the reason is told', async () => {
  const program = join(temporary, 'pg_dump');
  writeFileSync(
    program,
    '#!/bin/sh\ncase "$1" in --version) echo "pg_dump (PostgreSQL) 99.1";; *) echo "pg_dump: error: no luck" >&2; exit 1;; esac\n',
  );
  chmodSync(program, 0o755);
  process.env.QHUB_POSTGRES_BIN = temporary;
  using folder = withMigrations(changes);
  const { migrations, notes } = await dryRun('up', { migrations: folder.read(), steps: 1, anyMajor: true });
  assert.deepEqual(
    migrations.map(({ name }) => name),
    ['20990101T000000_columns'],
  );
  assert.match(notes[0] ?? '', /no luck.*: the copy was made from the files of the migrations/);
});

test('for a database that does not exist yet all migrations are tried, and its partitions', async () => {
  const { migrations, notes, partitions } = await dryRun('up', {}, `${db.name}_none`);
  assert.equal(migrations.length, readMigrations().length);
  assert.match(notes[0] ?? '', /does not exist yet$/);
  assert.ok(partitions.length > 20);
});

test('what a real run refuses is refused at once', async () => {
  await assert.rejects(dryRun('up', { to: 'nothing' }), { code: 'database.migration_unknown' });
  await db.admin.query(`update hub.migrations set sha256 = repeat('0', 64) where name like '%_archive'`);
  await assert.rejects(dryRun('up', {}), { code: 'database.migration_changed' });
});

/** Those made at run time are in a dump; the files of the migrations make the first one only. */
async function partitionsOf(table: string): Promise<number> {
  const { rows } = await db.admin.query(
    `select count(*)::int as count from pg_inherits where inhparent = $1::regclass`,
    [`execution.${table}`],
  );
  return rows[0].count;
}
