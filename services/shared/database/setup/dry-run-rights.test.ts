/** Guarantee: a dry run may do no more than the administrator who will migrate for real. */
import assert from 'node:assert/strict';
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { Client } from 'pg';
import { readDatabaseConfig } from '../config.ts';
import { migrationsFolder, readMigrations } from '../migrations/files.ts';
import { migrateUp } from '../migrations/runner.ts';
import { MigrationFolder, type Sample } from '../migrations/test-migrations.ts';
import type { ThrowawayServer } from '../server/index.ts';
import { applicationLogin, startTestServer } from '../testing/index.ts';
import { openPlace } from './database-place.ts';
import { dryRunAt } from './dry-run-place.ts';
import { preparePlace } from './prepare-place.ts';

/** Roles are the whole server's, so this file has one of its own. */
let server: ThrowawayServer;
before(async () => {
  server = await startTestServer();
  await asSuperuser('postgres', `create role dba login createrole createdb bypassrls password 'dba'`);
});
after(async () => await server[Symbol.asyncDispose]());

async function asSuperuser(database: string, sql: string): Promise<void> {
  const { host, port, adminUser: user, adminPassword: password } = server;
  const client = new Client({ host, port, user, password, database });
  await client.connect();
  await client.query(sql);
  await client.end();
}

function placeOf(database: string) {
  const config = readDatabaseConfig({
    POSTGRES_HOST: server.host,
    POSTGRES_PORT: String(server.port),
    POSTGRES_DB: database,
    POSTGRES_USER: applicationLogin.name,
    POSTGRES_PASSWORD: applicationLogin.password,
    POSTGRES_ADMIN_USER: 'dba',
    POSTGRES_ADMIN_PASSWORD: 'dba',
  });
  return openPlace(config, { purpose: 'test' });
}

function withMigration(sample: Sample): MigrationFolder {
  const folder = new MigrationFolder();
  cpSync(join(migrationsFolder, 'versions'), join(folder.path, 'versions'), { recursive: true });
  const name = '20990101T000000_rights';
  folder.write(name, sample);
  folder.order([...readMigrations().map((migration) => migration.name), name]);
  return folder;
}

/** What the dry run ends with, and what the real one does. */
async function bothFailures(up: string): Promise<readonly (string | undefined)[]> {
  using folder = withMigration({ up, down: 'select 1;' });
  const migrations = folder.read();
  await using place = await placeOf('hub');
  const { failure } = await dryRunAt(place, 'test', 'up', { migrations });
  const { host, port } = server;
  const client = new Client({ host, port, user: 'dba', password: 'dba', database: 'hub' });
  await client.connect();
  const real = await migrateUp(client, { migrations }).then(
    () => undefined,
    (error: Error) => error.message,
  );
  await client.end();
  return [failure?.message, real];
}

test('a plain administrator’s right to make roles and databases is proven for a database that is not there', async () => {
  await using place = await placeOf('hub');
  const { failure, partitions } = await dryRunAt(place, 'test', 'up');
  assert.equal(failure, undefined);
  assert.ok(partitions.length > 0);
  await asSuperuser('postgres', 'alter role dba nocreaterole');
  await assert.rejects(dryRunAt(place, 'test', 'up'), { code: 'database.admin_right_missing' });
  await asSuperuser('postgres', 'alter role dba createrole');
  await preparePlace(place, 'test');
});

test('what a plain administrator may not do fails in the dry run as it does for real', async () => {
  const needsMore = {
    'copy hub.migrations to program $$true$$': /permission denied|must be superuser/,
    'reset role; create role other superuser': /permission denied|must be superuser/,
    'reset role; create function hub.bad() returns void language c as $$x$$': /permission denied/,
    'set local role pg_read_all_data': /permission denied to set role/,
  };
  for (const [sql, expected] of Object.entries(needsMore)) {
    const [dry, real] = await bothFailures(sql);
    assert.match(dry ?? '', expected, sql);
    assert.equal(dry, real);
  }
});

test('what only memberships allow goes as far in the dry run as for real', async () => {
  await asSuperuser('hub', 'grant pg_read_all_data to dba');
  using folder = withMigration({ up: 'set local role pg_read_all_data', down: 'select 1;' });
  await using place = await placeOf('hub');
  const { failure, migrations } = await dryRunAt(place, 'test', 'up', { migrations: folder.read() });
  assert.equal(failure, undefined);
  assert.equal(migrations.length, 1);
});

test('an administrator who may not act as the owner role is told so', async () => {
  await asSuperuser('hub', 'revoke qhub_owner from dba cascade');
  using folder = withMigration({ up: 'select 1;', down: 'select 1;' });
  await using place = await placeOf('hub');
  await assert.rejects(dryRunAt(place, 'test', 'up', { migrations: folder.read() }), {
    code: 'database.admin_right_missing',
  });
});
