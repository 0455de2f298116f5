/**
 * Guarantee: `kill -9` of a backup into a bucket, alone or with its programs, at any moment and in the middle of an object of
 * several parts: earlier backups stay good, no half one is listed, the next run works. `QHUB_TEST_KILLS=200` for the long form,
 * `QHUB_TEST_SEED=N` to repeat a run.
 */
import assert from 'node:assert/strict';
import { after, before, it } from 'node:test';
import { startTestServer, testFolder, without } from '../testing/index.ts';
import { createBackup } from './create/create-backup.ts';
import { listBackups } from './list-backups.ts';
import { readBackupConfig } from './settings.ts';
import { openStore } from './store/open-store.ts';
import type { BackupStore } from './store/store.ts';
import { FaultyHub, randomFrom } from './test-faults.ts';
import { TestS3 } from './test-s3.ts';
import { verifyBackup } from './verify/verify-backup.ts';

const kills = Number(process.env.QHUB_TEST_KILLS ?? 8);
const seed = Number(process.env.QHUB_TEST_SEED ?? Math.floor(Math.random() * 2 ** 31));
const random = randomFrom(seed);
const skip = without('pg_dump', 'postgresql-client');
const place = 's3://backups/hub';
const folder = testFolder('qhub-backups-');

let hub: FaultyHub;
let s3: TestS3;
let store: BackupStore;
let first = '';

before(async () => {
  if (skip) return;
  s3 = await TestS3.start(folder.path);
  Object.assign(process.env, s3.environment);
  // Its dump is larger than one part of 16 MB.
  hub = await FaultyHub.make(await startTestServer(), 40);
  store = await openStore(readBackupConfig({ place }).place);
  ({ name: first } = await createBackup({ admin: hub.admin() }, store));
});
after(async () => {
  await hub?.[Symbol.asyncDispose]();
  await s3?.[Symbol.asyncDispose]();
  folder[Symbol.dispose]();
});

it('a killed backup into a bucket is in no list, and those before it stay good', { skip }, async (t) => {
  const undisturbed = await hub.start('create', [place]).through();
  t.diagnostic(`seed ${seed}: ${kills} moments in ${Math.round(undisturbed)} ms`);
  let struck = 0;
  for (let n = 0; n < kills; n += 1) {
    const whole = n % 2 === 0;
    const atMs = random() * undisturbed;
    const moment = `seed ${seed}, moment ${n}: ${whole ? 'all' : 'the process alone'} at ${Math.round(atMs)} ms`;
    const running = hub.start('create', [place, '', n % 4 < 2 ? '1' : '2']);
    if (await running.struck(atMs, () => running.kill(whole))) struck += 1;
    const listed = await listBackups(store);
    assert.deepEqual(
      listed.filter(({ state }) => state !== 'whole'),
      [],
      moment,
    );
    for (const { name } of listed) await verifyBackup(store, name, { quick: true });
    assert.ok(
      listed.some(({ name }) => name === first),
      moment,
    );
  }
  assert.ok(struck > kills / 3, `seed ${seed}: ${struck} of ${kills} hit the work`);
  const { name } = await createBackup({ admin: hub.admin() }, store);
  assert.equal((await verifyBackup(store, name)).restored, true);
  assert.equal((await verifyBackup(store, first)).restored, true);
});
