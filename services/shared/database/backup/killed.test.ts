/**
 * Guarantee: `kill -9` of a backup, of a restore or of the server during each, at any moment: earlier backups stay good, no
 * half one is listed, the live database is what it was, and the next run clears what was left.
 * `QHUB_TEST_KILLS=200` for the long form, `QHUB_TEST_SEED=N` to repeat a run.
 */
import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { after, before, describe, it, type TestContext } from 'node:test';
import { startTestServer, testFolder } from '../testing/index.ts';
import { createBackup } from './create/create-backup.ts';
import { listBackups } from './list-backups.ts';
import type { Contents } from './manifest/manifest.ts';
import { lookForProgram } from './programs.ts';
import { localStore } from './store/local-store.ts';
import { FaultyHub, liveDatabase, randomFrom } from './test-faults.ts';
import { verifyBackup } from './verify/verify-backup.ts';

const kills = Number(process.env.QHUB_TEST_KILLS ?? 12);
const seed = Number(process.env.QHUB_TEST_SEED ?? Math.floor(Math.random() * 2 ** 31));
const random = randomFrom(seed);

let hub: FaultyHub;
let skip: string | false = false;
let first = '';
/** What the first backup holds, and what the database holds since: they differ. */
let then: Contents['tables'];
let now: Contents['tables'];
const folder = testFolder('qhub-backups-');
const store = localStore(folder.path);

before(async () => {
  hub = await FaultyHub.make(await startTestServer(), 8);
  const found = await lookForProgram('pg_dump', { atLeast: Number.parseInt(hub.server.version, 10) });
  if (!found && !process.env.CI) skip = 'needs pg_dump (Debian: apt-get install postgresql-client)';
  if (skip) return;
  ({ name: first } = await createBackup({ admin: hub.admin() }, store));
  then = await hub.tables();
  await hub.run('delete from load where i % 7 = 0', liveDatabase);
  now = await hub.tables();
});
after(async () => {
  folder[Symbol.dispose]();
  await hub[Symbol.asyncDispose]();
});

/** Every backup that is shown is whole, byte for byte. */
async function allGood(moment: string): Promise<void> {
  for (const { name, state } of await listBackups(store)) {
    assert.equal(state, 'whole', `${moment}: ${name}`);
    await verifyBackup(store, name, { quick: true });
  }
  assert.ok((await store.names()).includes(first), moment);
}

/** Either nothing happened, or everything did: then the old database stands beside, and is put back. */
async function liveUntouched(moment: string): Promise<void> {
  const kept = (await hub.databases()).filter((name) => name.startsWith('hub_before_'));
  assert.ok(kept.length <= 1, `${moment}: ${kept}`);
  const [old] = kept;
  if (old === undefined) return assert.deepEqual(await hub.tables(), now, moment);
  assert.deepEqual(await hub.tables(), then, `${moment}: the swap was through`);
  assert.deepEqual(await hub.tables(old), now, `${moment}: the old one is kept`);
  await hub.run(`drop database ${liveDatabase} with (force)`);
  await hub.run(`alter database ${old} rename to ${liveDatabase}`);
}

const who = ['the process', 'the process and its programs', 'the server'] as const;

/** Strikes at random moments of the work, each time somebody else; gives how often it was still at work. */
async function strike(
  t: TestContext,
  work: 'create' | 'restore',
  check: (moment: string) => Promise<void>,
): Promise<number> {
  const jobs = (n: number) => (n % 2 === 0 ? '1' : '2');
  const begin = (n: number) => hub.start(work, [folder.path, first, jobs(n)]);
  const wholeMs = await begin(0).through();
  await check('undisturbed');
  t.diagnostic(`seed ${seed}: ${kills} moments in ${Math.round(wholeMs)} ms of ${work}`);
  let struck = 0;
  for (let n = 0; n < kills; n += 1) {
    const victim = who[Math.floor(n / 2) % who.length] as (typeof who)[number];
    const atMs = random() * wholeMs;
    const moment = `seed ${seed}, moment ${n}: ${victim} at ${Math.round(atMs)} ms of ${work}`;
    const running = begin(n);
    const fault =
      victim === 'the server'
        ? () => hub.server.halt('kill')
        : () => running.kill(victim === 'the process and its programs');
    if (await running.struck(atMs, fault)) struck += 1;
    if (hub.server.pid === undefined) await hub.server.resume();
    await hub.quiet();
    await check(moment);
  }
  return struck;
}

describe('kill -9 at random moments', () => {
  it('of a backup, and of the server during one', async (t) => {
    if (skip) return t.skip(skip);
    const struck = await strike(t, 'create', async (moment) => {
      await allGood(moment);
      assert.deepEqual(await hub.tables(), now, moment);
    });
    assert.ok(struck > kills / 3, `seed ${seed}: ${struck} of ${kills} hit the work`);
    const { name } = await createBackup({ admin: hub.admin() }, store);
    assert.deepEqual(readdirSync(folder.path).toSorted(), await store.names(), 'nothing half is left');
    assert.equal((await verifyBackup(store, name)).restored, true);
    assert.equal((await verifyBackup(store, first)).restored, true);
  });

  it('of a restore, and of the server during one', async (t) => {
    if (skip) return t.skip(skip);
    const struck = await strike(t, 'restore', async (moment) => {
      await allGood(moment);
      await liveUntouched(moment);
    });
    assert.ok(struck > kills / 3, `seed ${seed}: ${struck} of ${kills} hit the work`);
    await hub.start('restore', [folder.path, first]).through();
    assert.equal((await hub.databases()).length, 2, 'the live one and the old one');
    await liveUntouched('the last run');
    assert.deepEqual(await hub.databases(), [liveDatabase], 'nothing half is left');
  });
});
