/** Guarantee: the database holds no password, token or key in clear, in no table and no column, whatever was done. */
import assert from 'node:assert/strict';
import { after, before, it } from 'node:test';
import { startTestIdentity, type TestIdentity, testPassword } from './test-identity.ts';

let hub: TestIdentity;
before(async () => {
  hub = await startTestIdentity();
});
after(async () => await hub[Symbol.asyncDispose]());

/** All rows of all tables of the hub as text; bytes as text too, where they are some. */
async function dump(): Promise<string> {
  const { rows: tables } = await hub.test.admin.query(
    `select c.oid::regclass::text as name from pg_class c where relkind = 'r'
        and relnamespace::regnamespace::text in ('identity', 'hub', 'development', 'marketplace', 'execution')`,
  );
  let text = '';
  for (const { name } of tables) {
    const { rows } = await hub.test.admin.query(`select * from ${name}`);
    for (const row of rows) {
      for (const value of Object.values(row)) {
        text += `${Buffer.isBuffer(value) ? value.toString('latin1') : JSON.stringify(value)}\n`;
      }
    }
  }
  return text;
}

it('is searched for every secret that was issued', async () => {
  const admin = await hub.administrator();
  const newPassword = 'another marble otter sings';
  const person = await hub.person();
  const { id: keyId } = await hub.key(person.token, ['identity:read']);
  const idempotent = { 'idempotency-key': 'once' };
  await hub.request('POST', '/v1/keys', person.token, { name: 'x', scopes: [] }, idempotent);
  await hub.request('POST', `/v1/keys/${keyId}/rotate`, person.token, {});
  await hub.request('POST', '/v1/password-resets', undefined, { account: person.username });
  await hub.mailedToken(person.id, 'verify_email');
  await hub.mailedToken(person.id, 'reset_password');
  await hub.request('GET', '/v1/admin/mails', admin);
  await hub.request('POST', '/v1/sessions', undefined, {
    account: person.username,
    password: testPassword,
    cookie: true,
  });
  await hub.request('POST', '/v1/sessions', undefined, { account: testPassword, password: testPassword });
  await hub.request('PUT', '/v1/me/password', person.token, { currentPassword: testPassword, newPassword });
  await hub.identity.settled();
  const text = await dump();
  assert.ok(text.includes(person.username) && text.includes('$argon2id$'), 'the dump is one');
  assert.ok(hub.issued.size >= 9, `${hub.issued.size} secrets were issued`);
  for (const secret of [...hub.issued, testPassword, newPassword]) {
    assert.ok(!text.includes(secret), `${secret.slice(0, 12)}... is in the database`);
  }
});
