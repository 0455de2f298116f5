/** pgBackRest, encrypted, on one server: incremental backups, retention, and what it does when something is wrong. */
import assert from 'node:assert/strict';
import { copyFileSync, globSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { isHubError } from '@quantum-hub/kernel';
import { initialisePitr } from './initialise.ts';
import { checkPitr, makeBaseBackup, pitrStatus } from './operations.ts';
import { writeOwned } from './owned-files.ts';
import { type ScratchServer, startArchivedScratchServer } from './scratch-server.ts';
import { withoutEngine } from './test-engines.ts';
import { Ledger } from './test-ledger.ts';

const skip = await withoutEngine('pgbackrest');
const passphrase = 'correct horse battery staple';
let scratch: ScratchServer;
let ledger: Ledger;

before(async () => {
  if (skip) return;
  scratch = await startArchivedScratchServer({ engine: 'pgbackrest', passphrase, keepFull: 1 });
  ledger = new Ledger(scratch);
  await makeBaseBackup(scratch.pitr, scratch.admin);
  await ledger.write('one');
});
after(async () => {
  await scratch?.[Symbol.asyncDispose]();
});

const configuration = () => join(scratch.pitr.dir, 'pgbackrest.conf');

const fails = (code: string, says: RegExp) => (error: unknown) => {
  assert.ok(isHubError(error), String(error));
  assert.equal(error.code, code, error.message);
  assert.match(error.message, says);
  assert.deepEqual(ledger.leftovers(), []);
  return true;
};

test('an incremental backup stands on the full one and brings all back', { skip }, async () => {
  const { backup } = await makeBaseBackup(scratch.pitr, scratch.admin, 'incremental');
  assert.equal(backup.kind, 'incremental');
  await ledger.write('two');
  await ledger.deliver();
  assert.deepEqual(await ledger.recovered({ kind: 'latest' }), ['one', 'two']);
  assert.deepEqual(ledger.leftovers(), []);
});

test('check and status tell of an archive that works', { skip }, async () => {
  const check = await checkPitr(scratch.pitr, scratch.admin);
  assert.equal(check.gap, undefined);
  assert.equal(check.backups, 2);
  const { archive, backups, window } = await pitrStatus(scratch.pitr, scratch.admin);
  assert.equal(archive.failing, false);
  assert.deepEqual(
    backups.map(({ kind }) => kind),
    ['full', 'incremental'],
  );
  assert.ok(window && window.to > window.from);
});

test('nothing in the repository can be read without the passphrase', { skip }, async () => {
  const known = readFileSync(configuration(), 'utf8');
  assert.equal(statSync(configuration()).mode & 0o777, 0o600);
  writeOwned(configuration(), known.replace(passphrase, 'another one'), scratch.pitr.account);
  try {
    await assert.rejects(
      ledger.recovered({ kind: 'latest' }),
      fails('database.pitr_cipher_wrong', /pgbackrest\.conf does not open the repository/),
    );
  } finally {
    writeOwned(configuration(), known, scratch.pitr.account);
  }
});

test('setting it up again without the passphrase goes on with the known one', { skip }, async () => {
  const { dir, kind } = scratch.pitr;
  const repository = join(scratch.folder, 'repository');
  const again = { engine: 'pgbackrest', kind, dir, repository, keepFull: 1, apply: true } as const;
  const { encrypted, restartNeeded } = await initialisePitr(scratch.admin, again);
  assert.equal(encrypted, true);
  assert.equal(restartNeeded, false);
});

test('a missing segment is named', { skip }, async () => {
  const engine = await ledger.engine();
  const last = (await engine.segments()).at(-1);
  await ledger.write('three');
  await ledger.deliver();
  const away = join(scratch.folder, 'repository', 'away');
  const [file = ''] = globSync(join(scratch.pitr.repository, `archive/**/${last}-*`));
  renameSync(file, away);
  try {
    await assert.rejects(
      ledger.recovered({ kind: 'latest' }),
      fails('database.pitr_wal_missing', new RegExp(String(last))),
    );
  } finally {
    renameSync(away, file);
  }
});

test('a damaged file of the base backup is found', { skip }, async () => {
  const [full] = await (await ledger.engine()).list();
  const path = join(
    scratch.pitr.repository,
    'backup/quantum-hub',
    String(full?.label),
    'pg_data/global/pg_control.gz',
  );
  copyFileSync(path, `${path}.spare`);
  const bytes = readFileSync(path);
  bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] ?? 0) ^ 0xff;
  writeFileSync(path, bytes);
  try {
    await assert.rejects(
      ledger.recovered({ kind: 'latest' }, full?.label),
      fails('database.pitr_backup_damaged', /data error|checksum/),
    );
  } finally {
    copyFileSync(`${path}.spare`, path);
    rmSync(`${path}.spare`);
  }
});

test('retention removes the older full backup with what stands on it, once there is a new one', {
  skip,
}, async () => {
  const { backup } = await makeBaseBackup(scratch.pitr, scratch.admin);
  assert.deepEqual(
    (await (await ledger.engine()).list()).map(({ label }) => label),
    [backup.label],
  );
});
