/** Guarantee: anybody can make an account, and nobody learns from sign-up who has one under an address. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { startTestIdentity, type TestIdentity, testPassword } from '../test-identity.ts';

let hub: TestIdentity;
before(async () => {
  hub = await startTestIdentity();
});
after(async () => await hub[Symbol.asyncDispose]());

const signUp = async (body: object) =>
  await hub.request('POST', '/v1/signup', undefined, {
    username: 'ada',
    password: testPassword,
    email: 'ada@example.org',
    ...body,
  });

describe('sign-up', () => {
  it('makes a consumer whose address waits to be confirmed, and mails a token to it', async () => {
    const answer = await signUp({});
    assert.equal(answer.status, 201);
    const token = await hub.signIn('ADA');
    const { body: me } = await hub.request('GET', '/v1/me', token);
    assert.deepEqual(
      { ...me, createdAt: 0, updatedAt: 0, lastLoginAt: 0 },
      {
        id: answer.body.id,
        username: 'ada',
        email: null,
        pendingEmail: 'ada@example.org',
        fullName: null,
        roles: ['consumer'],
        verified: false,
        hasPassword: true,
        createdAt: 0,
        updatedAt: 0,
        lastLoginAt: 0,
      },
    );
    assert.equal(await hub.countMails(me.id, 'verify_email'), 1);
    assert.deepEqual(await hub.events(me.id), ['account.created success', 'session.created success']);
  });

  it('answers alike, word by word, for an address that a confirmed account has', async () => {
    const owner = await hub.person();
    const confirmed = await hub.request('POST', '/v1/email-verifications/confirm', undefined, {
      token: await hub.mailedToken(owner.id, 'verify_email'),
    });
    assert.equal(confirmed.status, 204);
    const answers = [];
    for (const [username, email] of [
      ['grace', owner.email],
      ['edsger', 'nobody-yet@example.org'],
    ]) {
      const answer = await signUp({ username, email });
      answers.push({
        status: answer.status,
        body: { ...answer.body, id: '', username: '' },
        mails: await hub.countMails(answer.body.id, 'verify_email'),
      });
    }
    assert.deepEqual(answers[0], answers[1]);
    assert.deepEqual(answers[0], { status: 201, body: { id: '', username: '' }, mails: 1 });
  });

  it('tells that a user name is taken, without regard to case, or reserved: those are public', async () => {
    const taken = await signUp({ username: 'Ada', email: 'other@example.org' });
    assert.deepEqual([taken.status, taken.body.code], [409, 'identity.username_taken']);
    for (const username of ['admin', 'Root', 'deleted-123456789012', 'admin-x']) {
      const reserved = await signUp({ username });
      assert.deepEqual([reserved.status, reserved.body.code], [409, 'identity.username_reserved'], username);
    }
  });

  it('refuses weak passwords with the reason, and makes nothing', async () => {
    for (const [password, reason] of [
      ['short', /has 5 characters, expected at least 12/],
      ['password1234', /tried first/],
      ['alan-alan-alan', /user name or the address/],
    ] as const) {
      const answer = await signUp({ username: 'alan-alan', password });
      assert.deepEqual([answer.status, answer.body.code], [422, 'identity.password_refused']);
      assert.match(answer.body.detail, reason);
    }
    const { rows } = await hub.test.admin.query(`select from identity.users where username = 'alan-alan'`);
    assert.equal(rows.length, 0);
  });

  it('names every field that is wrong', async () => {
    const answer = await signUp({ username: '-x', email: 'not an address', fullName: '' });
    assert.equal(answer.status, 400);
    assert.deepEqual(answer.body.errors.map(({ path }: { path: string }) => path).toSorted(), [
      '/body/email',
      '/body/fullName',
      '/body/username',
    ]);
  });
});
