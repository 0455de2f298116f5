/** Guarantee: after everything that issues a secret was done, a dump of the database and the log hold none of them. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { without } from '../../services/shared/database/testing/index.ts';
import { type FullHub, type Person, startFullHub } from './test-full-hub.ts';
import { dumpOf, findSecrets, requireNothingKept } from './test-secrets.ts';

const skip = without('pg_dump', 'postgresql-client');
/** Its counts are longer than the kilobyte that stays in the database. */
const wide =
  'OPENQASM 3.0; include "stdgates.inc"; qubit[8] q; for int i in [0:7] { h q[i]; } bit[8] c = measure q;';
let hub: FullHub;
let ada: Person;
let administrator: Person;

before(async () => {
  if (skip) return;
  hub = await startFullHub({
    variables: {
      QHUB_RESULT_INLINE_BYTES: '1024',
      QHUB_METRICS_TOKEN: 'a token of the figures that no log shows',
    },
  });
  ada = await hub.person();
  administrator = await hub.person(['administrator', 'operator']);
});
after(async () => await hub?.[Symbol.asyncDispose]());

const nobody = '';

async function ask(method: string, path: string, body?: unknown, as: string = ada.token) {
  const reply = await hub.request(method, path, { as, body });
  assert.ok(reply.status < 300, `${method} ${path}: ${reply.status} ${JSON.stringify(reply.body)}`);
  return reply;
}

/** What a mail tells: shown to operators while nobody has been sent it. */
async function mailedToken(kind: 'verify' | 'reset'): Promise<string> {
  const { body } = await ask('GET', '/v1/admin/mails', undefined, administrator.token);
  const token = new RegExp(`qh_${kind}_[0-9A-Za-z]{49}`).exec(JSON.stringify(body))?.[0];
  assert.ok(token && hub.secrets.has(token), `a token to ${kind}`);
  return token;
}

async function changePasswords(): Promise<void> {
  await ask('POST', '/v1/email-verifications/confirm', { token: await mailedToken('verify') });
  const second = 'a second otter of marble';
  const third = 'a third otter sings at night';
  for (const password of [second, third]) hub.secrets.add(password);
  const passwords = { currentPassword: ada.password, newPassword: second };
  ada.token = (await ask('PUT', '/v1/me/password', passwords)).body.token;
  await ask('POST', '/v1/password-resets', { account: ada.username }, nobody);
  const token = await mailedToken('reset');
  await ask('POST', '/v1/password-resets/confirm', { token, newPassword: third }, nobody);
  ada = { ...ada, password: third };
  await hub.signIn(ada);
  hub.secrets.add('a password that is wrong');
  for (const account of [ada.username, 'a password that is wrong']) {
    const body = { account, password: 'a password that is wrong' };
    assert.equal((await hub.request('POST', '/v1/sessions', { body })).status, 401);
  }
}

async function useKeys(): Promise<void> {
  const headers = { 'idempotency-key': 'a-key-once' };
  const body = { name: 'laptop', scopes: ['execution:read', 'execution:write', 'identity:read'] };
  const { body: key } = await hub.request('POST', '/v1/keys', { as: ada.token, body, headers });
  await ask('POST', `/v1/keys/${key.id}/rotate`, { overlapSeconds: 60 });
  await ask('GET', '/v1/me', undefined, key.key);
  // Where they don't belong: in the address and in a name.
  await hub.request('GET', `/v1/jobs?token=${key.key}`, { as: ada.token });
  await hub.request('GET', `/v1/${key.key}`);
  const signIn = { account: ada.username, password: ada.password, cookie: true };
  await ask('POST', '/v1/sessions', signIn, nobody);
}

/** Gives a link that opens the result. */
async function runWide(): Promise<string> {
  const program = { language: 'openqasm', source: wide };
  const { body: job } = await ask('POST', '/v1/jobs', { device: 'local/statevector', program, shots: 5000 });
  for (;;) {
    const { body } = await ask('GET', `/v1/jobs/${job.id}?wait=30`);
    assert.notEqual(body.status, 'failed', JSON.stringify(body));
    if (body.status === 'completed') break;
  }
  const { body } = await ask('GET', `/v1/jobs/${job.id}/result`);
  const link = new URL(body.location, hub.url);
  await ask('GET', link.pathname);
  return link.pathname.split('/').at(-1) ?? '';
}

test('passwords, sessions, cookies, keys, tokens of mails, links, and the hub’s own key leave no trace', {
  skip,
}, async () => {
  await changePasswords();
  await useKeys();
  const link = await runWide();
  assert.ok(hub.secrets.has(link), 'the signed link is one of those that are searched for');
  await ask('GET', '/v1/me/export');
  for (const kind of ['session', 'live', 'verify', 'reset']) {
    assert.ok(
      [...hub.secrets].some((secret) => secret.startsWith(`qh_${kind}_`)),
      `a secret qh_${kind}_`,
    );
  }
  assert.ok(hub.secrets.size >= 17, `${hub.secrets.size} secrets were issued`);
  await requireNothingKept(hub);
});

test('one that was left in a column, as text, in JSON, as bytes or in base64, is found', {
  skip,
}, async () => {
  const { admin } = hub.place;
  const plants = [
    [ada.token, 'clear', `select $1::text as x`],
    [ada.password, 'clear', `select jsonb_build_object('deep', jsonb_build_array($1::text)) as x`],
    [ada.token, 'hex', `select '\\x0102'::bytea || $1::text::bytea as x`],
    [ada.password, 'base64', `select encode(('user:' || $1::text)::bytea, 'base64') as x`],
  ] as const;
  for (const [secret, form, sql] of plants) {
    await admin.query(`create table hub.planted as ${sql.replace('$1', admin.escapeLiteral(secret))}`);
    const found = findSecrets(await dumpOf(hub.place), hub.secrets);
    assert.ok(
      found.some((each) => each.secret === secret && each.form === form),
      sql,
    );
    await assert.rejects(requireNothingKept(hub), /the dump holds/);
    await admin.query('drop table hub.planted');
  }
  await requireNothingKept(hub);
});
