import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, beforeEach, test } from 'node:test';
import { connectAdmin } from '@quantum-hub/database/admin';
import { createTestDatabase, settingsOf, type TestDatabase } from '@quantum-hub/database/testing';
import { qhub, type Run, type Variables } from './test-qhub.ts';

let template: TestDatabase;
let names: string[] = [];
let name: string;

before(async () => {
  template = await createTestDatabase();
});
beforeEach(() => {
  name = `cli_${randomUUID().replaceAll('-', '')}`;
  names.push(name);
});
after(async () => {
  for (const name of names) await template.admin.query(`drop database if exists ${name} with (force)`);
  names = [];
  await template[Symbol.asyncDispose]();
});

/** A person with an empty server of their own: the database does not exist. */
function settings(): Variables {
  return { ...settingsOf(template), POSTGRES_DB: name };
}

async function run(...args: string[]): Promise<Run> {
  return await qhub(['db', ...args], { env: settings() });
}

async function json(...args: string[]) {
  const { code, stdout, stderr } = await run(...args, '--json');
  assert.equal(code, 0, stderr);
  assert.equal(stderr, '');
  return JSON.parse(stdout);
}

async function ask(sql: string): Promise<Record<string, unknown>[]> {
  await using client = await connectAdmin({ ...template.administrator, database: name }, { service: 'test' });
  return (await client.query(sql)).rows;
}

test('provision, migration up, partitions and health bring an empty server to a hub that is well', async () => {
  assert.equal((await json('provision')).created, true);
  assert.equal((await json('provision')).created, false);
  const [place] = await ask(
    `select pg_encoding_to_char(encoding) as encoding, datcollate as locale from pg_database where datname = current_database()`,
  );
  assert.deepEqual(place, { encoding: 'UTF8', locale: 'C' });

  const first = await json('migration', 'up');
  assert.ok(first.migrations.length >= 3 && first.partitions.length >= 26, JSON.stringify(first));
  assert.deepEqual(await json('migration', 'up'), { migrations: [], partitions: [] });
  assert.deepEqual(await ask('select name from execution.platforms'), [{ name: 'local' }]);

  const { created } = await json('partitions', 'create', '--months-ahead', '14');
  // Two months of jobs, results, events and attempts.
  assert.equal(created.length, 8);
  assert.equal((await json('health')).ok, true);
});

test('what needs a migrated database refuses one that is behind, and says which command helps', async () => {
  await json('provision');
  const behind = /^qhub: the database "cli_\w+" lacks \d+ migration\(s\); run `npx qhub db migration up`\n$/;
  assert.match((await run('partitions', 'create')).stderr, behind);
  await json('migration', 'up');
  await ask('delete from hub.migrations where name = (select max(name) from hub.migrations)');
  const partitions = await run('partitions', 'create');
  assert.equal(partitions.code, 1);
  assert.match(partitions.stderr, behind);
  const health = await run('health');
  assert.equal(health.code, 1);
  assert.match(
    health.stdout,
    /FAULT {2}migrations +the database "cli_\w+" lacks 1 migration\(s\); run `npx qhub db migration up`/,
  );
});

test('migration up provisions where roles and rights are missing, and health tells of them before', async () => {
  await template.admin.query(`create database ${name} template template0 encoding 'UTF8'`);
  const health = await run('health', '--json');
  assert.equal(health.code, 1);
  const { ok, checks } = JSON.parse(health.stdout);
  assert.equal(ok, false);
  assert.equal(checks.at(-1).code, 'database.not_provisioned');
  assert.ok((await json('migration', 'up')).migrations.length > 0);
  assert.equal((await run('health')).code, 0);
});

test('an administrator who may not make databases is told the statement for one who may', async () => {
  const login = `cli_admin_${randomUUID().slice(0, 8)}`;
  await template.admin.query(`create role ${login} login createrole password 'x'`);
  const env = { ...settings(), POSTGRES_ADMIN_USER: login, POSTGRES_ADMIN_PASSWORD: 'x' };
  await template.admin.query(`grant connect on database postgres to ${login}`);
  const { code, stderr } = await qhub(['db', 'provision'], { env });
  await template.admin.query(`revoke connect on database postgres from ${login}; drop role ${login}`);
  assert.equal(code, 1);
  assert.match(
    stderr,
    new RegExp(
      `^qhub: the administrator "${login}" lacks CREATEDB, and .* does not exist; let a superuser run: create database "${name}" template template0 encoding 'UTF8'.* locale 'C' owner "${login}"\n$`,
    ),
  );
});

test('a database that cannot store every language is refused', async () => {
  await template.admin.query(`create database ${name} template template0 encoding 'SQL_ASCII' locale 'C'`);
  const { code, stderr } = await run('provision');
  assert.equal(code, 1);
  assert.match(stderr, /has the encoding SQL_ASCII; expected UTF8/);
});

test('the printed SQL provisions as the command does, and holds no password', async () => {
  await template.admin.query(`create database ${name} template template0 encoding 'UTF8'`);
  const { code, stdout } = await run('provision', '--print-sql');
  assert.equal(code, 0);
  assert.doesNotMatch(stdout, new RegExp(template.application.password));
  await ask(stdout);
  assert.equal((await run('migration', 'up')).code, 0);
});

test('a service that runs alone gets a login of its own, with the password of the environment', async () => {
  await json('provision');
  const login = 'quantum_identity';
  const missing = await run('provision', '--service-login', 'identity');
  const env = { ...settings(), QHUB_SERVICE_PASSWORD: 'of the identity service' };
  const made = await qhub(['db', 'provision', '--service-login', 'identity'], { env });
  try {
    assert.match(missing.stderr, /the login "quantum_identity" does not exist: give a password/);
    assert.equal(made.code, 0, made.stderr);
    const settings = {
      ...template.application,
      database: name,
      user: login,
      password: env.QHUB_SERVICE_PASSWORD,
    };
    await using client = await connectAdmin(settings, { service: 'test' });
    await client.query('set role qhub_identity');
    await assert.rejects(client.query('set role qhub_execution'), { code: '42501' });
  } finally {
    await ask(`drop owned by ${login}; drop role ${login}`);
  }
});

test('several provisionings and migrations at once do each thing once', async () => {
  const runs = await Promise.all(Array.from({ length: 6 }, () => run('provision', '--json')));
  assert.deepEqual(
    runs.map(({ code, stderr }) => ({ code, stderr })),
    runs.map(() => ({ code: 0, stderr: '' })),
  );
  assert.equal(runs.filter(({ stdout }) => JSON.parse(stdout).created).length, 1);
  const ups = await Promise.all(Array.from({ length: 4 }, () => json('migration', 'up')));
  const applied = ups.flatMap(({ migrations }) => migrations);
  assert.equal(applied.length, new Set(applied).size);
});
