/** Guarantee: `qhub db migration` and `run-migrations` lead an empty server up and down, tell the state, and print what they would do. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { createTestDatabase, settingsOf, type TestDatabase } from '@quantum-hub/database/testing';
import { qhub, type Run, type Variables } from './test-qhub.ts';

const runMigrations = join(import.meta.dirname, '../../services/shared/database/run-migrations.js');
const name = `cli_${randomUUID().replaceAll('-', '')}`;

let template: TestDatabase;
before(async () => {
  template = await createTestDatabase();
});
after(async () => {
  await template.admin.query(`drop database if exists ${name} with (force)`);
  await template[Symbol.asyncDispose]();
});

/** A person with an empty server of their own: the database does not exist. */
function settings(changes: Variables = {}): Variables {
  return { ...settingsOf(template), POSTGRES_DB: name, ...changes };
}

async function run(...args: string[]): Promise<Run> {
  return await qhub(['db', 'migration', ...args], { env: settings() });
}

async function json(...args: string[]) {
  const { code, stdout, stderr } = await run(...args, '--json');
  assert.equal(code, 0, stderr);
  return JSON.parse(stdout);
}

test('from nothing up by run-migrations, down by steps, and the state at each', async () => {
  const first = await qhub(['--json'], { env: settings(), program: runMigrations });
  assert.equal(first.code, 0, first.stderr);
  const { migrations } = JSON.parse(first.stdout);
  assert.ok(migrations.length >= 4);
  const again = await qhub([], { env: settings(), program: runMigrations });
  assert.match(again.stdout, /^Applied 0 migrations, made 0 partitions\.\n$/);

  assert.deepEqual(await json('down', '--allow-data-loss'), { migrations: migrations.slice(-1) });
  const status = await run('status');
  assert.equal(status.code, 0);
  assert.match(status.stdout, /^ {2}applied .*\d\dZ \(\d+ ms\)$/m);
  assert.match(status.stdout, new RegExp(`pending +${migrations.at(-1)}\\n1 migration pending\\.\\n$`));
  assert.deepEqual(await json('down', '--allow-data-loss', '--to', migrations[1]), {
    migrations: migrations.slice(2, -1).toReversed(),
  });

  const loss = await run('down');
  assert.equal(loss.code, 1);
  assert.match(loss.stderr, /deletes rows for good; nothing was taken back: add --allow-data-loss/);
  assert.deepEqual(await json('up', '--steps', '1'), { migrations: [migrations[2]], partitions: [] });

  for (const migration of migrations.slice(3)) await json('resolve', '--applied', migration);
  const { pending, trouble } = await json('status');
  assert.deepEqual([pending, trouble], [0, false]);
  await json('resolve', '--rolled-back', migrations[1]);
  assert.equal((await run('status')).code, 1);
  await json('resolve', '--applied', migrations[1]);
  assert.deepEqual(await json('baseline', migrations.at(-1)), { migrations: [] });
  // What was said to be applied is not there.
  await template.admin.query(`drop database ${name} with (force)`);
});

test('the SQL is printed without a server, and --pending leaves out what the database has', async () => {
  const nowhere = settings({ POSTGRES_HOST: 'db.invalid' });
  const printed = await qhub(['db', 'migration', 'up', '--sql'], { env: nowhere });
  assert.equal(printed.code, 0, printed.stderr);
  assert.match(printed.stdout, /create role[\s\S]*create schema identity;[\s\S]*insert into hub\.migrations/);
  assert.doesNotMatch(printed.stdout, new RegExp(template.application.password));
  const alike = await qhub(['--sql'], { env: nowhere, program: runMigrations });
  assert.equal(alike.code, 0, alike.stderr);
  assert.match(alike.stdout, /insert into hub\.migrations/);
  const down = await qhub(['db', 'migration', 'down', '--sql'], { env: nowhere });
  assert.match(down.stdout, /drop table[\s\S]*drop function hub\.actor/);
  assert.doesNotMatch(down.stdout, /create role|create schema identity/);
  await json('up');
  assert.doesNotMatch((await json('up', '--sql', '--pending')).sql, /create schema identity/);
});

test('options that do not go together are refused with exit code 2', async () => {
  for (const args of [
    ['up', '--to', 'x', '--steps', '1'],
    ['up', '--steps', '0'],
    ['down', '--from', 'x'],
    ['resolve'],
    ['baseline'],
  ]) {
    assert.equal((await run(...args)).code, 2, args.join(' '));
  }
  assert.equal((await qhub(['--squid'], { env: settings(), program: runMigrations })).code, 2);
  const help = await qhub(['--help'], { program: runMigrations });
  assert.match(help.stdout, /^Usage: npx run-migrations/);
});
