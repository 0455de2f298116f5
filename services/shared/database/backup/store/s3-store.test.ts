/** Guarantee: a backup in a bucket is made, listed, verified and refused as one in a folder. */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { after, before, it } from 'node:test';
import { Hidden, isHubError } from '@quantum-hub/kernel';
import { createTestDatabase, type TestDatabase, testFolder, without } from '../../testing/index.ts';
import { createBackup } from '../create/create-backup.ts';
import { listBackups, newestBackup } from '../list-backups.ts';
import { readBackupConfig } from '../settings.ts';
import { withoutPrograms } from '../test-backups.ts';
import { s3Login, TestS3 } from '../test-s3.ts';
import { verifyBackup } from '../verify/verify-backup.ts';
import { openStore } from './open-store.ts';
import type { BackupStore } from './store.ts';

let db: TestDatabase;
let skip: string | false;
/** Without openssl the other tests do in clear. */
const tls = !without('openssl', 'openssl');
let s3: TestS3;
let store: BackupStore;
const folder = testFolder('qhub-backups-');

before(async () => {
  db = await createTestDatabase();
  skip = await withoutPrograms(db);
  s3 = await TestS3.start(folder.path, { tls });
  store = await storeAt('s3://backups/a/hub');
});
after(async () => {
  await s3[Symbol.asyncDispose]();
  folder[Symbol.dispose]();
  await db[Symbol.asyncDispose]();
});

const storeAt = async (place: string, env: Record<string, string> = {}) =>
  await openStore(readBackupConfig({ place }, { ...s3.environment, ...env }).place);

it('takes a backup, encrypted, and gives it back', async (t) => {
  if (skip) return t.skip(skip);
  const passphrase = new Hidden('s3');
  const encryption = { to: 'passphrase', passphrase } as const;
  const { name } = await createBackup({ admin: db.administrator }, store, { encryption });
  assert.deepEqual(await store.names(), [name]);
  assert.equal(await newestBackup(store), name);
  assert.equal((await verifyBackup(store, name, { keys: { passphrase } })).restored, true);
  const listed = (await listBackups(store)).map(({ state }) => state);
  assert.deepEqual(listed, ['whole']);
  assert.deepEqual(await (await storeAt('s3://backups/a')).names(), [], 'another prefix has none of it');
});

it('takes a folder made by several connections', async (t) => {
  if (skip) return t.skip(skip);
  const { name, dump } = await createBackup({ admin: db.administrator }, store, { jobs: 2 });
  assert.equal(dump.format, 'directory');
  assert.equal((await verifyBackup(store, name)).restored, true);
});

it('lists nothing that has no manifest, and removes it when it is discarded', async () => {
  const before = await store.names();
  const draft = await store.begin('half');
  // More than one part, so that the upload is one of several.
  await draft.write(
    'dump.pgdump',
    Readable.from(Array.from({ length: 20 }, () => Buffer.alloc(1024 * 1024))),
  );
  assert.deepEqual(await store.names(), before);
  await store.clearAbandoned();
  const again = await store.begin('half');
  assert.equal(again.name, 'half_2', 'it is there, and young');
  await again.discard();
  await draft.discard();
  const third = await store.begin('half');
  assert.equal(third.name, 'half');
  await third.write('roles.sql', Readable.from([Buffer.from('select 1')]));
  await third.publish('{}');
  await third.discard();
  assert.equal(await text(await (await store.open('half')).read('roles.sql')), 'select 1');
  await assert.rejects((await store.open('half')).read('other'), (error) =>
    isHubError(error, 'database.backup_damaged'),
  );
});

it('passes on what breaks the source, and names the place that does not answer', async () => {
  const draft = await store.begin('broken');
  const source = new Readable({
    read() {
      this.destroy(new Error('the source broke'));
    },
  });
  await assert.rejects(draft.write('dump.pgdump', source), /the source broke/);
  await draft.discard();
  for (const [place, address] of [
    ['s3://nowhere', s3.endpoint],
    ['s3://backups', 'http://127.0.0.1:1'],
  ] as const) {
    const other = await storeAt(place, { QHUB_BACKUP_S3_ENDPOINT: address });
    await assert.rejects(other.names(), (error: Error) => {
      assert.ok(isHubError(error, 'database.backup_place_unusable'));
      assert.match(error.message, new RegExp(`backups cannot be kept in ${place}: `));
      return true;
    });
  }
  await assert.rejects(store.open('none'), (error) => isHubError(error, 'database.backup_not_found'));
});

it('trusts the authorities that it was told and no others, and takes its secret from a file', async (t) => {
  if (!tls) return t.skip('needs openssl');
  const secret = join(folder.path, 'secret');
  const settings = { QHUB_BACKUP_S3_SECRET_FILE: secret };
  writeFileSync(secret, `${s3Login}\n`);
  assert.ok((await (await storeAt('s3://backups/a/hub', settings)).names()).includes('half'));
  const unusable = (pattern: RegExp) => (error: Error) => {
    assert.ok(isHubError(error, 'database.backup_place_unusable'), String(error));
    assert.match(error.message, pattern);
    return true;
  };
  const anybody = await storeAt('s3://backups', { QHUB_BACKUP_S3_CA_FILE: '' });
  await assert.rejects(anybody.names(), unusable(/unable to verify|self-signed/));
  // s3rver looks at no more than the name of a key.
  const stranger = await storeAt('s3://backups', { ...settings, AWS_ACCESS_KEY_ID: 'STRANGER' });
  await assert.rejects(stranger.names(), unusable(/Access Key Id/));
});
