/** Guarantee: whoever signs in as somebody else leaves no session behind that nobody can end, and two accounts live side by side. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { startTestHub, type TestHub } from './test-hub.ts';
import type { Run, Variables } from './test-qhub.ts';

const password = 'marble otter sings at noon';
let hub: TestHub;
before(async () => {
  hub = await startTestHub();
});
after(async () => await hub[Symbol.asyncDispose]());

async function done(run: Promise<Run>): Promise<string> {
  const { code, stdout, stderr } = await run;
  assert.equal(code, 0, stderr);
  return stdout;
}

const signUp = async (config: string, name: string) =>
  await done(
    hub.qhub(config, ['signup', '--username', name, '--email', `${name}@example.org`], { input: password }),
  );
const logIn = async (config: string, name: string, env: Variables = {}) =>
  await done(hub.qhub(config, ['login', '--username', name], { input: password, env }));
const whoami = async (config: string, env: Variables = {}) =>
  JSON.parse(await done(hub.qhub(config, ['whoami', '--json'], { env }))).username;

function tokenOf(config: string): string {
  const path = join(hub.folder, 'people', config, 'quantum-hub/credentials.json');
  return JSON.parse(readFileSync(path, 'utf8')).hubs[hub.url].secret;
}
const statusOf = async (token: string) =>
  (await fetch(`${hub.url}/v1/me`, { headers: { authorization: `Bearer ${token}` } })).status;

test('each configuration has an account of its own', async () => {
  await signUp('one', 'ada');
  await signUp('two', 'bob');
  assert.deepEqual([await whoami('one'), await whoami('two')], ['ada', 'bob']);
});

test('signing in as another ends the session before and says whose, also by an address that is written otherwise', async () => {
  const before = tokenOf('one');
  const said = await logIn('one', 'bob', { QHUB_URL: `${hub.url.replace('http', 'HTTP')}/` });
  assert.match(said, /as bob, until .*\nThe session of ada has ended\.\n$/);
  assert.deepEqual([await whoami('one'), await statusOf(before)], ['bob', 401]);
  assert.equal(await whoami('two'), 'bob', 'the same account elsewhere goes on');
  const own = tokenOf('one');
  assert.doesNotMatch(await logIn('one', 'bob'), /has ended/);
  assert.deepEqual([await statusOf(own), await statusOf(tokenOf('one'))], [401, 200]);
});

test('a session that was ended elsewhere keeps nobody from signing out, or in', async () => {
  const end = async () => {
    const headers = { authorization: `Bearer ${tokenOf('one')}` };
    const answer = await fetch(`${hub.url}/v1/sessions/current`, { method: 'DELETE', headers });
    assert.equal(answer.status, 204);
  };
  await end();
  const refused = await hub.qhub('one', ['whoami']);
  assert.match(
    refused.stderr,
    /the session has ended, .*run `npx qhub login`, or set QHUB_API_KEY to a key that is active\n$/,
  );
  await logIn('one', 'ada');
  await end();
  assert.equal(await done(hub.qhub('one', ['logout'])), `Signed out of ${hub.url}.\n`);
  assert.match((await hub.qhub('one', ['logout'])).stderr, /nobody is signed in/);
});

test('a key in the environment goes before a session, and is named where it is refused', async () => {
  const made = await done(hub.qhub('two', ['keys', 'create', 'k', '--scope', 'identity:read', '--json']));
  const { id, key } = JSON.parse(made);
  const env = { QHUB_API_KEY: key };
  assert.match(await logIn('one', 'ada', env), /QHUB_API_KEY is set: commands act as its owner/);
  assert.deepEqual([await whoami('one', env), await whoami('one')], ['bob', 'ada']);
  assert.equal((await hub.qhub('two', ['keys', 'revoke', id, '--yes'])).code, 0);
  for (const bad of [key, 'nonsense']) {
    const { code, stderr } = await hub.qhub('one', ['whoami'], { env: { QHUB_API_KEY: bad } });
    assert.equal(code, 1);
    assert.match(stderr, /\(QHUB_API_KEY is set now, and goes before a session\)\n$/);
  }
});
