/** Guarantee: a dry run tells what `up` and `down` would do and leaves the server as it was; on a terminal long work has a bar. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { after, before, test } from 'node:test';
import { createTestDatabase, type TestDatabase } from '@quantum-hub/database/testing';
import { bin, qhub, type Run, type Variables } from './test-qhub.ts';

const name = `cli_${randomUUID().replaceAll('-', '')}`;
const hasScript = spawnSync('script', ['--version']).status === 0;
const noScript = hasScript || process.env.CI ? false : 'needs the program `script` (util-linux)';

let template: TestDatabase;
before(async () => {
  template = await createTestDatabase();
});
after(async () => {
  await template.admin.query(`drop database if exists ${name} with (force)`);
  await template[Symbol.asyncDispose]();
});

/** A person with a server of their own, where this database does not exist at first. */
function settings(): Variables {
  const { host, port, user, password } = template.application;
  return {
    POSTGRES_HOST: host,
    POSTGRES_PORT: String(port),
    POSTGRES_DB: name,
    POSTGRES_USER: user,
    POSTGRES_PASSWORD: password,
    POSTGRES_ADMIN_USER: template.administrator.user,
    POSTGRES_ADMIN_PASSWORD: template.administrator.password,
    // Where the tests run on another major, its programs.
    QHUB_POSTGRES_BIN: process.env.QHUB_POSTGRES_BIN,
  };
}

async function run(...args: string[]): Promise<Run> {
  return await qhub(['db', 'migration', ...args], { env: settings() });
}

async function databaseExists(): Promise<boolean> {
  const { rows } = await template.admin.query('select from pg_database where datname = $1', [name]);
  return rows.length > 0;
}

test('up --dry-run tells each migration with its time and locks, and makes nothing', async () => {
  const { code, stdout, stderr } = await run('up', '--dry-run');
  assert.equal(code, 0, stderr);
  assert.match(
    stderr,
    /^Making a copy on a scratch server\.\nTrying the migrations on PostgreSQL [\d.]+\.\n$/m,
  );
  assert.match(
    stdout,
    new RegExp(`^Dry run on a copy of "${name}" without its rows, on PostgreSQL [\\d.]+:\n`),
  );
  assert.match(stdout, /^ {2}20261122T170000_hub_schema {2}\d+ ms\n {4}locks no table that is there\n/m);
  assert.match(stdout, /^ {4}ShareRowExclusiveLock on development\.app_versions: stops writes\n/m);
  assert.match(
    stdout,
    /\nIt would apply \d+ migrations and make \d+ partitions\. Nothing was changed in "\w+"\.\n$/,
  );
  assert.equal(await databaseExists(), false);
});

test('on a terminal a bar shows share, count and time left, and goes away; the lines and the result stay', {
  skip: noScript,
}, async () => {
  const command = `${process.execPath} ${bin} db migration up --steps 5`;
  const { code, stdout } = await qhub(['--quiet', '--return', '--command', command, '/dev/null'], {
    node: 'script',
    program: '--echo=never',
    env: { ...settings(), TERM: 'xterm' },
  });
  assert.equal(code, 0, stdout);
  const shown = stdout.replaceAll('\x1b[K', '<wipe>');
  assert.match(shown, /\r\[-{24}\] {4}0% {2}0\/5 {2}20261122T170000_hub_schema<wipe>/);
  assert.match(shown, /\r\[#{10}-{14}\] {3}40% {2}2\/5 {2}\d+ \w+ left {2}20261122T170200_separation<wipe>/);
  assert.match(shown, /\r<wipe>Applied 20261122T170000_hub_schema \(\d+ ms\)\.\r\n/);
  assert.match(shown, /\r<wipe>Applied 5 migrations\.\r\n$/);
});

test('down --dry-run says where rows would be lost, and takes nothing back', async () => {
  const pending = async () => JSON.parse((await run('status', '--json')).stdout).pending;
  const before = await pending();
  const text = await run('down', '--dry-run', '--steps', '2');
  assert.equal(text.code, 0, text.stderr);
  assert.match(
    text.stdout,
    /^ {2}20261122T190000_backfills {2}\d+ ms\n {4}loses rows: it needs --allow-data-loss\n {4}AccessExclusiveLock on hub\.backfills: stops reads and writes\n/m,
  );
  assert.match(text.stdout, /\nIt would take back 2 migrations\. Nothing was changed in "\w+"\.\n$/);
  const { code, stdout, stderr } = await run('down', '--dry-run', '--steps', '2', '--json');
  assert.deepEqual([code, stderr], [0, '']);
  const { ok, direction, migrations } = JSON.parse(stdout);
  assert.deepEqual([ok, direction, migrations.length], [true, 'down', 2]);
  assert.equal(await pending(), before);
});

test('options that do not go together are refused with exit code 2', async () => {
  for (const args of [
    ['up', '--dry-run', '--sql'],
    ['down', '--any-major'],
    ['verify', '--major', 'x'],
    ['up', '--dry-run', '--pending'],
  ]) {
    assert.equal((await run(...args)).code, 2, args.join(' '));
  }
});

test('a major that is not installed is refused with what to install', async () => {
  for (const args of [['verify'], ['create', 'Nothing']]) {
    const { code, stderr } = await run(...args, '--major', '99');
    assert.equal(code, 1);
    assert.match(
      stderr,
      /^qhub: no server programs of PostgreSQL 99 were found.*postgresql-99.*leave out --major$/m,
    );
  }
});
