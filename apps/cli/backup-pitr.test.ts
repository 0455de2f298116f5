/** Guarantee: recovery to a point in time works by the commands alone, as its help says, for the embedded server. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, globSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { type TestFolder, testFolder } from '@quantum-hub/database/testing';
import { qhub, type Run } from './test-qhub.ts';

const debian = '/usr/lib/postgresql/15/bin/pg_basebackup';
const found = existsSync(debian) || spawnSync('pg_basebackup', ['--version']).status === 0;
const skip = found || process.env.CI ? false : 'needs pg_basebackup (Debian: apt-get install postgresql-15)';

let folder: TestFolder;
before(() => {
  folder = testFolder();
});
after(async () => {
  await run('db', 'server', 'stop');
  folder[Symbol.dispose]();
});

async function run(...args: string[]): Promise<Run> {
  const { path } = folder;
  return await qhub(args, { env: { QHUB_HOME: join(path, 'home'), QHUB_BACKUP_DIR: join(path, 'backups') } });
}

const pitr = (...args: string[]) => run('db', 'backup', 'pitr', ...args);

async function value(...args: string[]) {
  const { code, stdout, stderr } = await pitr(...args, '--json');
  assert.equal(code, 0, stderr);
  return JSON.parse(stdout);
}

describe('qhub db backup pitr', { skip }, () => {
  it('says what comes first when nothing is set up', async () => {
    const { code, stderr } = await pitr('status');
    assert.equal(code, 1);
    assert.match(stderr, /run `npm start`/);
    assert.equal((await run('db', 'server', 'start')).code, 0);
    assert.match((await pitr('list')).stderr, /set it up with `npx qhub db backup pitr init`/);
  });

  it('refuses what it cannot take as exit code 2', async () => {
    for (const args of [
      ['restore', '--time', '2026-11-22T14:59:00'],
      ['restore', '--name', 'a', '--transaction', '5'],
      ['init', '--engine', 'tape'],
    ]) {
      assert.equal((await pitr(...args)).code, 2, args.join(' '));
    }
  });

  it('init sets up the embedded server and tells that a server which stays up must be restarted', async () => {
    const { restartNeeded, settings } = await value('init', '--engine', 'plain', '--keep', '1');
    assert.equal(restartNeeded, true);
    assert.equal(settings.archive_mode, 'on');
    const { code, stderr } = await pitr('backup');
    assert.equal(code, 1);
    assert.match(stderr, /archive_mode is off; restart the server/);
    assert.equal((await run('db', 'server', 'stop')).code, 0);
    assert.equal((await value('init', '--engine', 'plain', '--keep', '1')).restartNeeded, false);
    assert.equal((await run('db', 'server', 'start')).code, 0);
  });

  it('backup, check, restore point, list and status', async () => {
    const { backup } = await value('backup');
    assert.equal((await value('check')).ok, true);
    assert.equal((await value('restore-point', 'before all')).name, 'before all');
    assert.match((await pitr('restore-point', 'before all')).stderr, /already; choose another name/);
    assert.deepEqual(
      (await value('list')).backups.map(({ label }: { label: string }) => label),
      [backup.label],
    );
    const { code, stdout } = await pitr('status');
    assert.equal(code, 0);
    assert.match(stdout, /All is well/);
  });

  it('drill on the live archive passes with figures, and fails with exit code 1 when its log is lost', async () => {
    const passed = await run('db', 'backup', 'drill');
    assert.equal(passed.code, 0, passed.stdout + passed.stderr);
    assert.match(passed.stdout, /The drill passed\.[\s\S]*RPO +at most \d+\.\d s[\s\S]*RTO +\d+\.\d s/);
    const wal = join(folder.path, 'backups/pitr/plain/wal');
    for (const name of readdirSync(wal).sort().slice(-2)) rmSync(join(wal, name));
    const failed = await run('db', 'backup', 'drill', '--json');
    assert.equal(failed.code, 1);
    const record = JSON.parse(failed.stdout);
    assert.equal(record.ok, false);
    assert.equal(record.fault.code, 'database.pitr_wal_missing');
    assert.equal((await pitr('check')).code, 1);
  });

  it('restore recovers beside the data, swap puts it in place, also with the live data lost', async () => {
    await value('backup');
    await value('check');
    assert.equal((await run('db', 'server', 'stop')).code, 0);
    const [data = ''] = globSync(join(folder.path, 'home/**/data'));
    rmSync(data, { recursive: true });
    const restored = await value('restore', '--swap');
    assert.equal(restored.swapped.dataDir, data);
    assert.equal((await run('db', 'server', 'start')).code, 0);
    assert.equal((await value('check')).ok, true);
  });
});
