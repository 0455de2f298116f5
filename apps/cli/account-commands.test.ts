/** Guarantee: people keep their account, and administrators those of all, by the command line alone; no secret is an argument. */
import assert from 'node:assert/strict';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { startTestHub, type TestHub } from './test-hub.ts';
import type { Run } from './test-qhub.ts';

const password = 'seven plain qubits hum';
const second = 'eight plain qubits hum';
const third = 'nine plain qubits hum along';

let hub: TestHub;
let key: string;
const ada = (args: readonly string[], ...lines: string[]) =>
  hub.qhub('ada', args, { input: `${lines.join('\n')}\n` });
const admin = (args: readonly string[]) => hub.qhub('host', args, { env: { QHUB_API_KEY: key } });

before(async () => {
  hub = await startTestHub();
  said(await ada(['signup', '--username', 'ada', '--email', 'ada@example.org'], password));
  key = said(await hub.qhub('host', ['admin', 'key'])).trim();
});
after(async () => {
  await hub?.[Symbol.asyncDispose]();
});

function said({ code, stdout, stderr }: Run): string {
  assert.equal(code, 0, stderr);
  return stdout;
}

function refusal({ code, stdout, stderr }: Run, expectedCode = 1): string {
  assert.deepEqual([code, stdout, stderr.split('\n').length], [expectedCode, '', 2], stderr);
  return stderr;
}

/** What an operator hands on where no mail server is. */
async function mailedToken(kind: 'verify' | 'reset'): Promise<string> {
  const token = new RegExp(`qh_${kind}_\\w{49}`).exec(said(await admin(['mail'])))?.[0];
  assert.ok(token, `a mail with a token to ${kind}`);
  return token;
}

test('an address is confirmed by the token in its mail, and then changed to another one', async () => {
  assert.match(
    said(await ada(['whoami'])),
    /email +ada@example\.org \(to be confirmed: npx qhub account verify\)\n/,
  );
  assert.match(refusal(await ada(['account', 'verify'], 'nonsense')), /ask for a new mail/);
  said(await ada(['account', 'verify'], await mailedToken('verify')));
  assert.match(said(await ada(['whoami'])), /email +ada@example\.org\n/);

  assert.match(refusal(await ada(['account', 'email', 'ada@two.example'], 'wrong')), /password is wrong/);
  said(await ada(['account', 'email', 'ada@two.example'], password));
  assert.match(said(await ada(['whoami'])), /ada@example\.org, then ada@two\.example \(to be confirmed/);
  said(await ada(['account', 'email']));
  said(await ada(['account', 'verify'], await mailedToken('verify')));
  said(await hub.qhub('ada', ['login', '--username', 'ADA@two.example'], { input: `${password}\n` }));
});

test('a forgotten password is set anew by mail, and asking tells nothing about accounts', async () => {
  const known = said(await ada(['account', 'forgot-password', 'ada']));
  assert.equal(said(await ada(['account', 'forgot-password', 'nobody'])), known);
  const token = await mailedToken('reset');
  assert.match(refusal(await ada(['account', 'reset-password'], token, 'short')), /has 5 characters/);
  assert.match(said(await ada(['account', 'reset-password'], token, second)), /all sessions have ended/);
  assert.match(refusal(await ada(['whoami'])), /the hub refuses this sign-in.*npx qhub login/);
  said(await ada(['login', '--username', 'ada'], second));
});

test('a new password ends the other sessions and goes on with a new one', async () => {
  said(await hub.qhub('laptop', ['login', '--username', 'ada'], { input: `${second}\n` }));
  assert.match(refusal(await ada(['account', 'password'], 'wrong', third)), /current password is wrong/);
  assert.match(said(await ada(['account', 'password'], second, third)), /of ada is changed/);
  said(await ada(['whoami']));
  refusal(await hub.qhub('laptop', ['whoami']));
});

test('sessions are listed and ended one by one', async () => {
  said(await hub.qhub('laptop', ['login', '--username', 'ada'], { input: `${third}\n` }));
  const { items } = JSON.parse(said(await ada(['sessions', 'list', '--json'])));
  assert.equal(items.length, 2);
  const { id } = items.find(({ current }: { current: boolean }) => !current);
  assert.match(said(await ada(['sessions', 'list'])), new RegExp(`\n${id} .*127\\.0\\.0\\.1`));
  said(await ada(['sessions', 'end', id]));
  refusal(await hub.qhub('laptop', ['whoami']));
});

test('an administrator finds users, gives and takes roles, and locks an account at once', async () => {
  assert.match(said(await admin(['users', 'list'])), /\nada +ada@two\.example +consumer +active +20/);
  assert.match(
    said(await admin(['users', 'roles', 'ADA', '--add', 'operator'])),
    /^ada is consumer, operator\.\n$/,
  );
  refusal(await ada(['whoami']));
  said(await ada(['login', '--username', 'ada'], third));
  said(await ada(['keys', 'create', 'duty', '--scope', 'hub:operate']));
  said(await admin(['users', 'roles', 'ada', '--remove', 'operator']));
  said(await ada(['login', '--username', 'ada'], third));
  assert.match(refusal(await ada(['keys', 'create', 'duty', '--scope', 'hub:operate'])), /is for operators/);

  assert.equal(said(await admin(['users', 'lock', 'ada'])), 'ada is locked.\n');
  refusal(await ada(['login', '--username', 'ada'], third));
  assert.equal(said(await admin(['users', 'unlock', 'ada'])), 'ada is active.\n');
  said(await ada(['login', '--username', 'ada'], third));

  assert.match(
    refusal(await admin(['users', 'roles', 'ada', '--add', 'cook']), 2),
    /"cook"; expected one of consumer/,
  );
  assert.match(
    refusal(await admin(['users', 'roles', 'nobody', '--add', 'operator'])),
    /user "nobody" was not found/,
  );
  assert.match(refusal(await admin(['users', 'lock', 'admin'])), /nobody changes their own/);
  assert.match(refusal(await ada(['users', 'list'])), /role administrator/);
});

test('the log tells what was done: to oneself, and to everybody for administrators', async () => {
  const own = said(await ada(['audit', '--limit', '100']));
  assert.match(own, /roles\.changed +127\.0\.0\.1 +.*after: consumer operator/);
  assert.match(own, /session\.created \(refused\)/);
  assert.match(
    said(await admin(['audit', '--everybody', '--limit', '100'])),
    /key\.created +the host .*by: host/,
  );
  assert.match(refusal(await ada(['audit', '--everybody'])), /role administrator/);
});

test('an account is taken along in a file of its owner, and deleted with its password only', async () => {
  said(await ada(['account', 'export', '-o', 'me.json']));
  const file = join(hub.folder, 'me.json');
  assert.equal(statSync(file).mode & 0o777, 0o600);
  assert.equal(JSON.parse(readFileSync(file, 'utf8')).identity.account.username, 'ada');

  assert.match(refusal(await ada(['account', 'delete'], third), 2), /--yes is missing/);
  assert.match(refusal(await ada(['account', 'delete', '--yes'], 'wrong')), /password is wrong/);
  assert.equal(said(await ada(['account', 'delete', '--yes'], third)), 'The account ada is deleted.\n');
  assert.match(refusal(await ada(['whoami'])), /nobody is signed in/);
  refusal(await ada(['login', '--username', 'ada'], third));
});
