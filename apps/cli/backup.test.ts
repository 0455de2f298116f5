/** Guarantee: the commands for backups do what they say, in text and as JSON, and end with the right exit codes. */
import assert from 'node:assert/strict';
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { createTestDatabase, type TestDatabase } from '@quantum-hub/database/testing';
import { findProgram } from './psql/run-psql.ts';
import { qhub, type TestFolder, testFolder, type Variables } from './test-qhub.ts';

const needed = findProgram('pg_dump');
const skip = needed || process.env.CI ? false : 'needs pg_dump (Debian: apt-get install postgresql-client)';

let database: TestDatabase;
let folder: TestFolder;
let env: Variables;
before(async () => {
  database = await createTestDatabase();
  folder = testFolder();
  const { application, administrator } = database;
  env = {
    POSTGRES_HOST: application.host,
    POSTGRES_PORT: String(application.port),
    POSTGRES_DB: application.database,
    POSTGRES_USER: application.user,
    POSTGRES_PASSWORD: application.password,
    POSTGRES_ADMIN_USER: administrator.user,
    POSTGRES_ADMIN_PASSWORD: administrator.password,
    QHUB_BACKUP_DIR: join(folder.path, 'backups'),
  };
});
after(async () => {
  folder[Symbol.dispose]();
  await database[Symbol.asyncDispose]();
});

const backup = (...args: string[]) => qhub(['db', 'backup', ...args], { env });

test('create, list, verify and restore, one after the other', { skip }, async (t) => {
  const made = await backup('create', '--json');
  if (made.stderr.includes('program_missing')) return t.skip('pg_dump is older than the server');
  assert.equal(made.code, 0, made.stderr);
  const { name, tables, place } = JSON.parse(made.stdout);
  assert.deepEqual([readdirSync(place), tables > 15], [[name], true]);

  const listed = await backup('list');
  assert.match(listed.stdout, new RegExp(`^  ${name}  whole, [\\d.]+ kB, \\d+ rows, PostgreSQL \\d+`));
  assert.match(listed.stdout, /1 backup in /);
  const verified = await backup('verify', '--quick');
  assert.equal(verified.stdout.trim().replace(/ \(.*/, ''), `The files of ${name} are as they were written`);

  // Nobody's data is in it yet, and no session of ours may be cut.
  await database.admin.end();
  const restored = await backup('restore', name, '--drop-old', '--json');
  assert.equal(restored.code, 0, restored.stderr);
  const { compared, kept, pending } = JSON.parse(restored.stdout);
  assert.deepEqual([compared, kept, pending], [true, undefined, 0]);
  assert.match((await backup('restore', '--drop-old')).stdout, /There is no database to drop/);
});

test('faults are one sentence: no such backup, a bad option, a damaged manifest', { skip }, async () => {
  const missing = await backup('restore', 'yesterday');
  assert.deepEqual([missing.code, missing.stdout], [1, '']);
  assert.match(missing.stderr, /^qhub: there is no backup yesterday in .*backups; `npx qhub db backup list`/);
  assert.equal((await backup('create', '--jobs', 'many')).code, 2);
  assert.equal((await backup('restore')).code, 2);
  const [name = ''] = readdirSync(env.QHUB_BACKUP_DIR ?? '');
  writeFileSync(join(env.QHUB_BACKUP_DIR ?? '', name, 'manifest.json'), '{}');
  const damaged = await backup('verify', name, '--json');
  assert.equal(damaged.code, 1);
  assert.equal(JSON.parse(damaged.stderr).error.code, 'database.backup_damaged');
});
