/** Guarantee: what is removed is gone from folder and bucket alike, and a prune that is killed leaves no half backup in the list. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { isHubError } from '@quantum-hub/kernel';
import { testFolder } from '../../testing/index.ts';
import { listBackups } from '../list-backups.ts';
import { readBackupConfig } from '../settings.ts';
import { localStore } from '../store/local-store.ts';
import { openStore } from '../store/open-store.ts';
import type { BackupStore } from '../store/store.ts';
import { pruneBackups } from './prune-backups.ts';
import { storeBackup } from './test-stored-backups.ts';

interface S3rver {
  run(): Promise<AddressInfo>;
  close(): Promise<void>;
}
const Server = createRequire(import.meta.url)('s3rver') as new (options: object) => S3rver;

const folder = testFolder('qhub-backups-');
let server: S3rver;
let stores: Record<'folder' | 'bucket', BackupStore>;
before(async () => {
  const buckets = [{ name: 'backups', configs: [] }];
  const directory = join(folder.path, 's3');
  server = new Server({ port: 0, address: '127.0.0.1', silent: true, directory, configureBuckets: buckets });
  const endpoint = `http://127.0.0.1:${(await server.run()).port}`;
  Object.assign(process.env, { AWS_ACCESS_KEY_ID: 'S3RVER', AWS_SECRET_ACCESS_KEY: 'S3RVER' });
  const config = readBackupConfig({ place: 's3://backups/hub' }, { QHUB_BACKUP_S3_ENDPOINT: endpoint });
  stores = { folder: localStore(join(folder.path, 'local')), bucket: await openStore(config.place) };
});
after(async () => {
  await server.close();
  folder[Symbol.dispose]();
});

const day = (number: number) => new Date(Date.UTC(2026, 10, number, 2));
const none = { last: 0, daily: 0, weekly: 0, monthly: 0 };

for (const kind of ['folder', 'bucket'] as const) {
  test(`in a ${kind}: a dry run removes nothing, a prune what it said, and the last verified one stays`, async () => {
    const store = stores[kind];
    const names: string[] = [];
    for (let number = 1; number <= 6; number += 1) names.push(await storeBackup(store, day(number)));
    const [first = '', second = ''] = names;
    const options = { verified: new Set([second]) };
    const planned = await pruneBackups(store, { ...none, last: 2 }, { ...options, dryRun: true });
    assert.deepEqual(planned.removed, [first, names[2], names[3]]);
    assert.equal(planned.freedBytes, 3 * 2);
    assert.deepEqual(await store.names(), names);
    const told: string[] = [];
    const onRemoved = (name: string) => told.push(name);
    const pruned = await pruneBackups(store, { ...none, last: 2 }, { ...options, onRemoved });
    assert.deepEqual([pruned.removed, told], [planned.removed, planned.removed]);
    assert.deepEqual(await store.names(), [second, names[4], names[5]]);
    assert.deepEqual(pruned.kept.get(second), ['the last verified one']);
    await assert.rejects(store.remove(first), (error) => isHubError(error, 'database.backup_not_found'));
  });
}

test('a damaged backup is left alone, and is no reason to remove a whole one', async () => {
  const path = join(folder.path, 'damaged');
  const store = localStore(path);
  const [old, cut] = [await storeBackup(store, day(1)), await storeBackup(store, day(2))];
  writeFileSync(join(path, cut, 'roles.sql'), '');
  const pruned = await pruneBackups(store, none, { verified: new Set([cut]) });
  assert.deepEqual([pruned.removed, pruned.damaged, [...pruned.kept.keys()]], [[], [cut], [old]]);
});

test('killed at any moment: every backup that is listed is whole, and the next prune clears the rest', async () => {
  const path = join(folder.path, 'killed');
  const store = localStore(path);
  for (let round = 0; round < 4; round += 1) {
    for (let number = 1; number <= 12; number += 1) await storeBackup(store, day(number));
    const child = spawn(process.execPath, [join(import.meta.dirname, 'test-prune-process.ts'), path], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const closed = once(child, 'close');
    // At the first, the third, ... of its removals, and then while the next one is under way.
    let seen = 0;
    child.stdout.on('data', (chunk: Buffer) => {
      seen += chunk.toString().split('\n').length - 1;
      if (seen >= round) child.kill('SIGKILL');
    });
    await closed;
    const listed = await listBackups(store);
    assert.ok(listed.length >= 1);
    assert.deepEqual(
      listed.filter(({ state }) => state === 'damaged'),
      [],
    );
    await pruneBackups(store, none, { verified: new Set() });
    const left = readdirSync(path);
    assert.deepEqual(left, await store.names(), 'no rubbish');
    assert.equal(left.length, 1);
    rmSync(path, { recursive: true });
  }
});
