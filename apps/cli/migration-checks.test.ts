/** Guarantee: the checks of migrations say what they found, in words and in JSON, and the exit code tells. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { createTestDatabase, settingsOf, type TestDatabase } from '@quantum-hub/database/testing';
import { qhub, type Run } from './test-qhub.ts';

let database: TestDatabase;
before(async () => {
  database = await createTestDatabase();
});
after(async () => await database[Symbol.asyncDispose]());

async function run(...args: string[]): Promise<Run> {
  return await qhub(['db', 'migration', ...args], { env: settingsOf(database) });
}

test('lint has nothing to find, without a connection', async () => {
  const { code, stdout, stderr } = await qhub(['db', 'migration', 'lint', '--json'], {
    env: { POSTGRES_HOST: '127.0.0.1', POSTGRES_PORT: '1' },
  });
  assert.equal(code, 0, stderr);
  const { ok, files, findings } = JSON.parse(stdout);
  assert.deepEqual({ ok, findings }, { ok: true, findings: [] });
  assert.ok(files.length >= 8);
});

test('check finds no drift in a healthy database, and names what was done by hand', async () => {
  const healthy = await run('check', '--json');
  assert.equal(healthy.code, 0, healthy.stdout + healthy.stderr);
  assert.deepEqual(JSON.parse(healthy.stdout).differences, []);
  await database.admin.query(
    'drop policy users_backup on identity.users; grant delete on identity.users to qhub_identity',
  );
  const { code, stdout, stderr } = await run('check');
  assert.equal(code, 1, stderr);
  assert.match(stdout, /^- the policy users_backup on identity\.users is missing: /m);
  assert.match(stdout, /^- the grant delete on table identity\.users to qhub_identity is extra: /m);
  assert.match(stdout, /^2 differences\. /m);
});

test('check of a database that is behind says so', async () => {
  await database.admin.query(
    'delete from hub.migrations where name = (select max(name) from hub.migrations)',
  );
  const { code, stderr } = await run('check');
  assert.equal(code, 1);
  assert.match(stderr, /^qhub: the database "\w+" lacks 1 migration\(s\); run `npx qhub db migration up`$/m);
});

test('each has help with examples', async () => {
  for (const command of ['lint', 'check', 'verify']) {
    const { code, stdout } = await run(command, '--help');
    assert.equal(code, 0);
    assert.match(stdout, new RegExp(`Examples:\\n {2}npx qhub db migration ${command}\\n`));
  }
});
