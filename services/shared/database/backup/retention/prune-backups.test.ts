/** Guarantee: what is removed is gone from folder and bucket alike, and a prune that is killed leaves no half backup in the list. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { isHubError } from '@quantum-hub/kernel';
import { testFolder } from '../../testing/index.ts';
import { listBackups } from '../list-backups.ts';
import { readBackupConfig } from '../settings.ts';
import { localStore } from '../store/local-store.ts';
import { openStore } from '../store/open-store.ts';
import type { BackupStore } from '../store/store.ts';
import { TestS3 } from '../test-s3.ts';
import { pruneBackups } from './prune-backups.ts';
import { storeBackup } from './test-stored-backups.ts';

const folder = testFolder('qhub-backups-');
let s3: TestS3;
let stores: Record<'folder' | 'bucket', BackupStore>;
before(async () => {
  s3 = await TestS3.start(folder.path);
  const config = readBackupConfig({ place: 's3://backups/hub' }, s3.environment);
  stores = { folder: localStore(join(folder.path, 'local')), bucket: await openStore(config.place) };
});
after(async () => {
  await s3[Symbol.asyncDispose]();
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

/** Prunes in a process of its own, which is killed at so many removals, while the next one is under way. */
async function killedPrune(place: string, removals: number): Promise<void> {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'test-prune-process.ts'), place], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const closed = once(child, 'close');
  let seen = 0;
  child.stdout.on('data', (chunk: Buffer) => {
    seen += chunk.toString().split('\n').length - 1;
    if (seen >= removals) child.kill('SIGKILL');
  });
  await closed;
}

async function onlyWholeOnes(store: BackupStore): Promise<void> {
  const listed = await listBackups(store);
  assert.ok(listed.length >= 1);
  assert.deepEqual(
    listed.filter(({ state }) => state === 'damaged'),
    [],
  );
}

test('killed at any moment: every backup that is listed is whole, and the next prune clears the rest', async () => {
  const path = join(folder.path, 'killed');
  const store = localStore(path);
  for (let round = 0; round < 4; round += 1) {
    for (let number = 1; number <= 12; number += 1) await storeBackup(store, day(number));
    await killedPrune(path, round);
    await onlyWholeOnes(store);
    await pruneBackups(store, none, { verified: new Set() });
    const left = readdirSync(path);
    assert.deepEqual(left, await store.names(), 'no rubbish');
    assert.equal(left.length, 1);
    rmSync(path, { recursive: true });
  }
});

test('killed in a bucket: the same, and what it left half removed goes when it is a day old', async () => {
  Object.assign(process.env, s3.environment);
  for (const removals of [0, 2]) {
    const place = `s3://backups/killed-${removals}`;
    const store = await openStore(readBackupConfig({ place }).place);
    for (let number = 1; number <= 6; number += 1) await storeBackup(store, day(number));
    await killedPrune(place, removals);
    await onlyWholeOnes(store);
    const pruned = await pruneBackups(store, none, { verified: new Set() });
    const [left, ...others] = await store.names();
    assert.deepEqual([others, [...pruned.kept.keys()]], [[], [left]]);
    const objects = join(s3.directory, 'backups', `killed-${removals}`);
    makeOlder(objects);
    await store.clearAbandoned();
    const names = readdirSync(objects, { recursive: true, encoding: 'utf8' });
    const own = names.filter((entry) => entry.endsWith('_object')).map((entry) => entry.split('/')[0]);
    assert.deepEqual([...new Set(own)], [left], 'no rubbish');
  }
});

/** By two days. */
function makeOlder(directory: string): void {
  const then = new Date(Date.now() - 2 * 86_400_000);
  for (const entry of readdirSync(directory, { recursive: true, encoding: 'utf8' }))
    utimesSync(join(directory, entry), then, then);
}
