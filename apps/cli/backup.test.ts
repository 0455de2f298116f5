/** Guarantee: the commands for backups do what they say, in text and as JSON, and end with the right exit codes. */
import assert from 'node:assert/strict';
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import {
  createTestDatabase,
  settingsOf,
  type TestDatabase,
  type TestFolder,
  testFolder,
} from '@quantum-hub/database/testing';
import { findProgram } from './psql/run-psql.ts';
import { qhub, type Variables } from './test-qhub.ts';

const needed = findProgram('pg_dump');
const skip = needed || process.env.CI ? false : 'needs pg_dump (Debian: apt-get install postgresql-client)';

let database: TestDatabase;
let folder: TestFolder;
let env: Variables;
before(async () => {
  database = await createTestDatabase();
  folder = testFolder();
  env = {
    ...settingsOf(database),
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

test('status, prune and the runs on record', { skip }, async (t) => {
  const variables = {
    ...env,
    QHUB_HOME: join(folder.path, 'home'),
    QHUB_BACKUP_DIR: join(folder.path, 'kept'),
  };
  const run = (...args: string[]) => qhub(['db', 'backup', ...args], { env: variables });
  const empty = await run('status');
  assert.equal(empty.code, 1);
  assert.match(empty.stdout, /ALARM {2}verified backup +there is no backup; run npx qhub db backup create/);
  const made = await run('create', '--json');
  if (made.stderr.includes('program_missing')) return t.skip('pg_dump is older than the server');
  const { name } = JSON.parse(made.stdout);
  assert.equal((await run('verify')).code, 0);
  const status = JSON.parse((await run('status', '--json')).stdout);
  assert.deepEqual(
    [status.reached, status.runs.map(({ kind, backup, ok }: Record<string, unknown>) => [kind, backup, ok])],
    [
      true,
      [
        ['verify', name, true],
        ['create', name, true],
      ],
    ],
  );
  assert.equal(status.judgements[0].ok, true);
  assert.match((await run('list')).stdout, new RegExp(`${name}  whole, verified, `));
  const none = ['--keep-last', '0', '--keep-daily', '0', '--keep-weekly', '0', '--keep-monthly', '0'];
  const pruned = await run('prune', ...none);
  assert.match(pruned.stdout, new RegExp(`^  ${name}  kept: the newest one, the last verified one$`, 'm'));
  assert.match(pruned.stdout, /0 backups removed, 0 bytes; 1 backup kept\.$/m);
  const fault = await run('prune', '--keep-last', 'all');
  assert.match(fault.stderr, /QHUB_BACKUP_KEEP_LAST is "all"; expected a whole number/);
});

test('schedule shows what is set, and prints lines that cron and systemd take', async () => {
  const run = (args: string[], schedule?: string) =>
    qhub(['db', 'backup', 'schedule', ...args], { env: { QHUB_BACKUP_SCHEDULE: schedule } });
  assert.match((await run([], '5 4 * * 0')).stdout, /makes backups at "5 4 \* \* 0" \(UTC\)/);
  assert.match((await run([], 'at noon')).stderr, /QHUB_BACKUP_SCHEDULE is "at noon"; expected cron text/);
  const cron = (await run(['--print', 'cron'], '5 4 * * 0')).stdout.trim().split('\n');
  assert.equal(cron[0], 'CRON_TZ=UTC');
  assert.match(cron[2] ?? '', /^5 4 \* \* 0 cd '.+' && npx qhub db backup create && .* prune \|\| /);
  const units = (await run(['--print', 'systemd'])).stdout;
  assert.match(units, /^ExecStart=\/usr\/bin\/env npx qhub db backup verify$/m);
  assert.match(units, /^OnCalendar=.*\nPersistent=true$/m);
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
