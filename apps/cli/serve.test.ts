/** Guarantee: parts of a hub in processes of their own are one hub; each serves its own routes, says how it stands, and is refused when it has none. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { type HubPart, startHubPart, startTestHub, type TestHub } from './test-hub.ts';

const bell = join(import.meta.dirname, '../../examples/bell.qasm');
const mine = { '/v1/me': 200, '/v1/keys': 200, '/v1/sessions': 200, '/v1/audit-events': 200 };
const ran = { '/v1/jobs': 200, '/v1/devices': 200 };
const not = (paths: object) => Object.fromEntries(Object.keys(paths).map((path) => [path, 404]));

let hub: TestHub;
let key: string;
before(async () => {
  hub = await startTestHub(['--services', 'identity']);
  const password = 'marble otter sings at noon';
  const signup = await hub.qhub('ada', ['signup', '--username', 'ada', '--email', 'ada@example.org'], {
    input: password,
  });
  assert.equal(signup.code, 0, signup.stderr);
  const scopes = ['identity:read', 'execution:read', 'execution:write'].flatMap((scope) => [
    '--scope',
    scope,
  ]);
  const made = await hub.qhub('ada', ['keys', 'create', 'parts', ...scopes, '--json']);
  assert.equal(made.code, 0, made.stderr);
  key = JSON.parse(made.stdout).key;
});
after(async () => await hub[Symbol.asyncDispose]());

async function statuses({ url }: Pick<HubPart, 'url'>): Promise<Record<string, number>> {
  const headers = { authorization: `Bearer ${key}` };
  const paths = Object.keys({ ...mine, ...ran });
  const answers = await Promise.all(paths.map((path) => fetch(`${url}${path}`, { headers })));
  return Object.fromEntries(paths.map((path, index) => [path, answers[index]?.status ?? 0]));
}

async function readiness({ url }: Pick<HubPart, 'url'>): Promise<[number, string[]]> {
  // A probe may send along what it likes.
  const answer = await fetch(`${url}/readyz`, { headers: { authorization: `Bearer ${key}` } });
  const { checks } = (await answer.json()) as { checks: { name: string; ok: boolean }[] };
  assert.ok(checks.every(({ ok }) => ok));
  return [answer.status, checks.map(({ name }) => name)];
}

const serving = ['server', 'database', 'migrations'];

test('one part keeps the accounts, another runs the jobs, with a key that the first one made', async () => {
  await using part = await startHubPart(hub, ['--services', 'execution']);
  assert.deepEqual(await statuses(hub), { ...mine, ...not(ran) });
  assert.deepEqual(await statuses(part), { ...not(mine), ...ran });
  assert.deepEqual([await readiness(hub), await readiness(part)], Array(2).fill([200, serving]));
  const env = { QHUB_URL: part.url, QHUB_API_KEY: key };
  const run = await hub.qhub('robot', ['run', bell, '--shots', '64', '--json'], { env });
  assert.equal(run.code, 0, run.stderr);
});

test('services without routes yet, and all of them, start beside as an api', async () => {
  await using none = await startHubPart(hub, ['--services', 'development,marketplace']);
  assert.deepEqual(await statuses(none), { ...not(mine), ...not(ran) });
  await using all = await startHubPart(hub, ['--role', 'api']);
  assert.deepEqual(await statuses(all), { ...mine, ...ran });
  assert.deepEqual([await readiness(none), await readiness(all)], Array(2).fill([200, serving]));
});

test('a worker and a scheduler serve nothing and say how they stand', async () => {
  await using worker = await startHubPart(hub, ['--role', 'worker', '--port', '0']);
  await using scheduler = await startHubPart(hub, ['--role', 'scheduler', '--port', '0']);
  const all = { ...not(mine), ...not(ran) };
  assert.deepEqual([await statuses(worker), await statuses(scheduler)], [all, all]);
  assert.deepEqual(await readiness(worker), [200, [...serving, 'worker', 'worker messages', 'reaper']]);
  assert.deepEqual(await readiness(scheduler), [200, [...serving, 'reaper']]);
});

test('a whole hub takes the place of its parts for itself, and says how one starts beside', async () => {
  await using _whole = await startHubPart(hub, []);
  const { code, stderr } = await hub.qhub('host', ['serve']);
  assert.equal(code, 1);
  assert.match(stderr, /is running already for .*; a part of it starts beside it with --role or --services/);
});

test('what names no part is refused before anything is started, with what there is', async () => {
  const names = 'identity, development, marketplace, execution';
  for (const [args, said] of [
    [['--services', 'identity,mail'], `--services names mail; expected some of ${names}`],
    [['--services='], `--services is ""; expected some of ${names}`],
    [['--services', 'identity,'], `--services is "identity,"; expected some of ${names}`],
    [['--role', 'boss'], '--role is "boss"; expected one of all, api, worker, scheduler'],
    [
      ['--role', 'worker', '--services', 'identity'],
      'a worker runs the jobs of execution, which --services does not name',
    ],
  ] as const) {
    const { code, stdout, stderr } = await hub.qhub('host', ['serve', ...args]);
    assert.deepEqual([code, stdout], [2, ''], stderr);
    assert.ok(stderr.includes(said), stderr);
  }
});
