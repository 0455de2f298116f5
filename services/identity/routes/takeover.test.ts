/** Guarantee: who knew a former password, or reads a former mailbox, has no way back into the account. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { type Person, startTestIdentity, type TestIdentity, testPassword } from '../test-identity.ts';

const next = 'another marble otter sings';
let hub: TestIdentity;
let admin: string;
before(async () => {
  hub = await startTestIdentity();
  admin = await hub.administrator();
});
after(async () => await hub[Symbol.asyncDispose]());

const post = async (path: string, body: object, as?: string) =>
  (await hub.request('POST', path, as, body)).status;
const confirm = async (token: string) => await post('/v1/email-verifications/confirm', { token });
const reset = async (token: string) =>
  await post('/v1/password-resets/confirm', { token, newPassword: next });

async function confirmed(): Promise<Person> {
  const person = await hub.person();
  assert.equal(await confirm(await hub.mailedToken(person.id, 'verify_email')), 204);
  return person;
}

/** The token that was mailed to another address by somebody with the password. */
async function claimedBy(person: Person, email: string): Promise<string> {
  assert.equal(await post('/v1/email-verifications', { email, password: testPassword }, person.token), 202);
  return await hub.mailedToken(person.id, 'verify_email');
}

async function askedReset(person: Person): Promise<string> {
  assert.equal(await post('/v1/password-resets', { account: person.username }), 202);
  return await hub.mailedToken(person.id, 'reset_password');
}

describe('a change of address that waits', () => {
  it('is over when the password is reset by mail', async () => {
    const person = await confirmed();
    const stolen = await claimedBy(person, 'thief-1@example.org');
    assert.equal(await reset(await askedReset(person)), 204);
    assert.equal(await confirm(stolen), 410);
  });

  it('is over when the password is changed', async () => {
    const person = await confirmed();
    const stolen = await claimedBy(person, 'thief-2@example.org');
    const change = { currentPassword: testPassword, newPassword: next };
    assert.equal((await hub.request('PUT', '/v1/me/password', person.token, change)).status, 201);
    assert.equal(await confirm(stolen), 410);
  });

  it('stays where it is the first address, which nobody else can have asked for', async () => {
    const person = await hub.person();
    const token = await hub.mailedToken(person.id, 'verify_email');
    assert.equal(await reset(await askedReset(person)), 204);
    assert.equal(await confirm(token), 204);
  });
});

describe('a reset that was mailed', () => {
  it('to the former address is worth nothing when the new one was shown', async () => {
    const person = await confirmed();
    const claimed = await claimedBy(person, 'moved@example.org');
    const old = await askedReset(person);
    assert.equal(await confirm(claimed), 204);
    assert.equal(await reset(old), 410);
    assert.equal(await reset(await askedReset(person)), 204, 'the next one goes to the new address');
  });

  it('before its user got a role is worth nothing after: an operator may have read it', async () => {
    const person = await confirmed();
    const read = await askedReset(person);
    const body = { roles: ['consumer', 'administrator'] };
    assert.equal((await hub.request('PATCH', `/v1/admin/users/${person.id}`, admin, body)).status, 200);
    assert.equal(await reset(read), 410);
  });

  it('ends with the change of roles or not at all: when the one fails, so does the other', async () => {
    const person = await confirmed();
    const read = await askedReset(person);
    await hub.test.admin.query(
      `create function public.fails() returns trigger language plpgsql as $$ begin raise exception 'on purpose'; end $$;
       create trigger fails before delete on identity.email_tokens for each row execute function public.fails()`,
    );
    const body = { roles: ['consumer', 'operator'] };
    const failed = await hub.request('PATCH', `/v1/admin/users/${person.id}`, admin, body);
    await hub.test.admin.query('drop function public.fails cascade');
    assert.equal(failed.status, 500);
    const { body: user } = await hub.request('GET', `/v1/admin/users/${person.id}`, admin);
    assert.deepEqual(user.roles, ['consumer']);
    assert.equal(await reset(read), 204);
  });
});
