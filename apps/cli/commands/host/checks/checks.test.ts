/** Guarantee: doctor tells what is wrong from what is only odd, and says what to do about either. */
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { statfs } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { finding } from '../check.ts';
import { judgeClock } from './clock.ts';
import { checkDisk } from './disk.ts';
import { checkHub } from './hub.ts';
import { checkInstall, checkNode } from './install.ts';
import { judgeBackups, judgeMail, judgeWorkers } from './services.ts';

const root = mkdtempSync(join(tmpdir(), 'qhub-doctor-'));
after(() => rmSync(root, { recursive: true, force: true }));

function writeJson(path: string, value: unknown): void {
  mkdirSync(join(root, path, '..'), { recursive: true });
  writeFileSync(join(root, path), JSON.stringify(value));
}

test('another Node than the pinned one is a warning, of another major a failure', () => {
  writeJson('package.json', { dependencies: { node: '24.21.0' } });
  const states = ['24.21.0', '24.22.0', '26.1.0'].map((version) => checkNode(root, version).state);
  assert.deepEqual(states, ['ok', 'warning', 'failed']);
});

test('a package of another version or a missing one is found; what only developers or other platforms need is not', () => {
  const packages = {
    '': {},
    'services/x': {},
    'node_modules/@house/x': { link: true },
    'node_modules/pg': { version: '8.1.0' },
    'node_modules/other-platform': { version: '1.0.0', optional: true },
    'node_modules/test-tool': { version: '1.0.0', dev: true },
    'apps/cli/node_modules/@scope/nested': { version: '2.0.0' },
  };
  writeJson('package-lock.json', { packages });
  writeJson('node_modules/pg/package.json', { version: '8.1.0' });
  const missing = checkInstall(root);
  assert.deepEqual([missing.state, missing.text], ['failed', '@scope/nested missing in place of 2.0.0']);
  writeJson('apps/cli/node_modules/@scope/nested/package.json', { version: '2.0.0' });
  assert.equal(checkInstall(root).state, 'ok');
  writeJson('node_modules/pg/package.json', { version: '8.0.0' });
  assert.match(checkInstall(root).text, /^pg 8\.0\.0 in place of 8\.1\.0$/);
});

test('a disk is judged by what is free, in the nearest folder that there is', async () => {
  const asked: string[] = [];
  const look = ((bytes: number) => async (path: string) => {
    asked.push(path);
    if (path !== '/data') throw new Error('there is no such folder');
    return { bavail: bytes / 1000, bsize: 1000, blocks: 1e9 };
  }) as unknown as (bytes: number) => typeof statfs;
  const states = [50e9, 3e9, 0.5e9].map((bytes) => checkDisk('/data/new/home', look(bytes)));
  assert.deepEqual(
    (await Promise.all(states)).map(({ state }) => state),
    ['ok', 'warning', 'failed'],
  );
  assert.ok(asked.includes('/data/new/home') && asked.includes('/data/new'));
});

test('clocks are apart by what the question itself does not explain, in either direction', () => {
  const state = (aheadMs: number, errorMs = 5) => judgeClock({ aheadMs, errorMs }).state;
  assert.deepEqual(
    [0, -1500, 3000, -3000, 90_000, -90_000].map((ahead) => state(ahead)),
    [...['ok', 'ok', 'warning', 'warning', 'failed', 'failed']],
  );
  assert.equal(state(3000, 2000), 'ok');
});

test('jobs that wait with nobody to run them are a failure, an idle hub without a worker a warning', () => {
  const none = { workers: 0, waiting: 0, running: 0, oldestSeconds: 0 };
  assert.equal(judgeWorkers({ ...none, workers: 2, waiting: 5 }).state, 'ok');
  assert.equal(judgeWorkers(none).state, 'warning');
  const stuck = judgeWorkers({ ...none, waiting: 3, oldestSeconds: 120 });
  assert.deepEqual([stuck.state, /3 waiting, the oldest for 2 min/.test(stuck.text)], ['failed', true]);
  assert.equal(judgeWorkers({ ...none, running: 1 }).state, 'failed');
});

test('mails that a mail server refused are a failure; without a mail server operators read them', () => {
  assert.equal(judgeMail({ waiting: 1, failing: 0 }, true).state, 'ok');
  assert.equal(judgeMail({ waiting: 1, failing: 1 }, true).state, 'failed');
  assert.match(judgeMail({ waiting: 1, failing: 0 }, false).advice ?? '', /npx qhub mail/);
});

test('a new hub without a backup is warned; one whose backups alarm has failed', () => {
  const status = (facts: object) =>
    judgeBackups({ judgements: [], runs: [], alarm: false, ...facts } as never);
  const wrong = [{ name: 'verified backup', ok: false, text: 'there is none' }];
  assert.equal(status({ judgements: [{ ...wrong[0], ok: true }] }).state, 'ok');
  const fresh = status({ judgements: wrong, alarm: true });
  assert.deepEqual([fresh.state, fresh.text], ['warning', 'verified backup: there is none']);
  assert.equal(status({ judgements: wrong, alarm: true, runs: [{}] }).state, 'failed');
});

test('a hub is ready, not ready with what it says, absent, or something else', async () => {
  const answers: [number, string][] = [
    [200, '{"status":"ready","checks":[]}'],
    [503, '{"checks":[{"name":"migrations","ok":false,"text":"2 pending"}]}'],
    [200, '<html>'],
  ];
  const server = createServer((_, response) => {
    const [status, body] = answers.shift() ?? [500, ''];
    response.writeHead(status).end(body);
  }).listen(0, '127.0.0.1');
  await new Promise((done) => server.once('listening', done));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  assert.equal((await checkHub(url)).state, 'ok');
  assert.match((await checkHub(url)).text, /is not ready; migrations: 2 pending$/);
  assert.match((await checkHub(url)).text, /is no Quantum Hub$/);
  server.closeAllConnections();
  await new Promise((done) => server.close(done));
  assert.equal((await checkHub(url)).state, 'warning');
});

test('a check that throws is a failure of its own, and hides no other', async () => {
  const found = await finding('disk', () => {
    throw new Error('no such device');
  });
  assert.deepEqual([found.name, found.state, found.text], ['disk', 'failed', 'no such device']);
});
