/**
 * Guarantee: what a backup and a restore take of memory does not grow with the database. `QHUB_TEST_BACKUP_MB=1000` compares
 * 10 MB with 1 GB of rows in place of 100 MB, and so makes the round trip of 1 GB.
 */
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { startTestServer, testFolder, without } from '../testing/index.ts';
import { localStore } from './store/local-store.ts';
import { FaultyHub, liveDatabase } from './test-faults.ts';

const megabytes = Number(process.env.QHUB_TEST_BACKUP_MB ?? 100);
/** Garbage that was not collected yet makes two runs of one size differ by some 40 MB. */
const noiseMb = 80;

const skip = without('pg_dump', 'postgresql-client');

interface RoundTrip {
  /** Peak memory of our process, in MB. */
  readonly create: number;
  readonly restore: number;
  readonly createSeconds: number;
  readonly restoreSeconds: number;
  readonly databaseMb: number;
  readonly backupMb: number;
}

/** A database with so many MB of rows, backed up and restored. */
async function peaks(size: number): Promise<RoundTrip> {
  await using hub = await FaultyHub.make(await startTestServer(), size);
  using folder = testFolder('qhub-backups-');
  const before = await hub.tables();
  const creating = hub.start('create', [folder.path]);
  const createMs = await creating.through();
  const [name = ''] = await localStore(folder.path).names();
  const restoring = hub.start('restore', [folder.path, name]);
  const restoreMs = await restoring.through();
  assert.deepEqual(await hub.tables(), before, `${size} MB come back as they were`);
  const [live] = await hub.run(`select pg_database_size('${liveDatabase}')::float8 / 1e6 as mb`);
  const stored = await (await localStore(folder.path).open(name)).files();
  return {
    create: await creating.peakMb,
    restore: await restoring.peakMb,
    createSeconds: createMs / 1000,
    restoreSeconds: restoreMs / 1000,
    databaseMb: Number(live?.mb),
    backupMb: stored.reduce((sum, { bytes }) => sum + bytes, 0) / 1e6,
  };
}

it(`10 and ${megabytes} MB of rows take the same memory`, { skip }, async (t) => {
  const [small, large] = [await peaks(10), await peaks(megabytes)];
  t.diagnostic(`10 MB: ${JSON.stringify(small)}, ${megabytes} MB: ${JSON.stringify(large)}`);
  assert.ok(
    large.create < small.create + noiseMb,
    `create: ${large.create} MB, and ${small.create} for 10 MB`,
  );
  assert.ok(
    large.restore < small.restore + noiseMb,
    `restore: ${large.restore} MB, and ${small.restore} for 10 MB`,
  );
});
