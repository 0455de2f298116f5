/**
 * Guarantee: with pgBackRest the archive can lie in a bucket alone, behind https whose certificate is verified: base backups,
 * the log, status and recovery to a moment. The server is s3rver with an authority of its own.
 */
import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { isHubError } from '@quantum-hub/kernel';
import { without } from '../../testing/index.ts';
import { makeAuthority, s3Login, TestS3 } from '../test-s3.ts';
import { runDrill } from './drill.ts';
import { authoritiesFile } from './engines/pgbackrest-configuration.ts';
import { checkPitr, makeBaseBackup, pitrStatus } from './operations.ts';
import { type ScratchServer, startArchivedScratchServer } from './scratch-server.ts';
import { withoutEngine } from './test-engines.ts';
import { Ledger } from './test-ledger.ts';

const skip = (await withoutEngine('pgbackrest')) || without('openssl', 'openssl');
const place = mkdtempSync(join(tmpdir(), 'qhub-pitr-s3-'));
const passphrase = 'correct horse battery staple';
let s3: TestS3;
let scratch: ScratchServer;
let ledger: Ledger;

before(async () => {
  if (skip) return;
  s3 = await TestS3.start(place, { tls: true });
  scratch = await startArchivedScratchServer({
    engine: 'pgbackrest',
    passphrase,
    s3: {
      ...{ bucket: 'backups', path: '/hub/pitr', region: 'us-east-1', uriStyle: 'path' },
      ...{ key: s3Login, keySecret: s3Login, endpoint: new URL(s3.endpoint).host },
      authorities: readFileSync(s3.authorities, 'utf8'),
    },
  });
  ledger = new Ledger(scratch);
});
after(async () => {
  await scratch?.[Symbol.asyncDispose]();
  await s3?.[Symbol.asyncDispose]();
  rmSync(place, { recursive: true, force: true });
});

test('full and incremental backups, the log and recovery to a moment, all in the bucket and nothing in the folder', {
  skip,
}, async () => {
  const { backup } = await makeBaseBackup(scratch.pitr, scratch.admin);
  assert.equal(backup.kind, 'full');
  await ledger.write('one');
  assert.equal((await makeBaseBackup(scratch.pitr, scratch.admin, 'incremental')).backup.kind, 'incremental');
  const { moment } = await ledger.write('two');
  await ledger.write('three');
  const check = await checkPitr(scratch.pitr, scratch.admin);
  assert.deepEqual([check.gap, check.backups], [undefined, 2]);
  const status = await pitrStatus(scratch.pitr, scratch.admin);
  assert.equal(status.repository, 's3://backups/hub/pitr');
  assert.deepEqual(
    status.backups.map(({ kind }) => kind),
    ['full', 'incremental'],
  );
  assert.equal(status.archive.failing, false);
  assert.deepEqual(await ledger.recovered({ kind: 'time', time: moment }), ['one', 'two']);
  assert.deepEqual(await ledger.recovered({ kind: 'latest' }), ['one', 'two', 'three']);
  assert.deepEqual(readdirSync(scratch.pitr.repository), []);
  assert.deepEqual(ledger.leftovers(), []);
});

test('a drill passes, and leaves the archive as it was', { skip }, async () => {
  const folder = join(scratch.folder, 'recovered');
  const record = await runDrill(scratch.pitr, scratch.admin, { folder });
  assert.deepEqual([record.fault, record.found], [undefined, { before: 3, after: 0 }]);
  assert.deepEqual(ledger.leftovers(), []);
});

test('without its authority the server is not trusted: neither a backup nor the log goes there', {
  skip,
}, async () => {
  const file = join(scratch.pitr.dir, authoritiesFile);
  const known = readFileSync(file);
  // It tries for a minute by default; the first option of the first section.
  const configuration = join(scratch.pitr.dir, 'pgbackrest.conf');
  const settings = readFileSync(configuration, 'utf8');
  writeFileSync(configuration, settings.replace('[global]\n', '[global]\nio-timeout=2\n'));
  // Some other authority's. Both are written over, so that their owner stays.
  writeFileSync(file, makeAuthority(join(place, 'other')));
  try {
    await assert.rejects(makeBaseBackup(scratch.pitr, scratch.admin), (error) => {
      assert.ok(isHubError(error, 'database.pitr_program_failed'), String(error));
      assert.match(error.message, /unable to verify certificate presented by 'localhost:\d+'/);
      return true;
    });
    await ledger.write('four');
    await assert.rejects(checkPitr(scratch.pitr, scratch.admin, { timeoutMs: 3000 }), (error) =>
      isHubError(error, 'database.pitr_archiving_stalled'),
    );
  } finally {
    writeFileSync(file, known);
    writeFileSync(configuration, settings);
  }
  assert.equal((await checkPitr(scratch.pitr, scratch.admin)).gap, undefined);
});
