/** Guarantee: a mailed token proves one thing, once, for a short time; and asking for one tells nothing about accounts. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { type Person, startTestIdentity, type TestIdentity, testPassword } from '../test-identity.ts';

const floorMs = 120;
const next = 'another marble otter sings';
let hub: TestIdentity;
before(async () => {
  hub = await startTestIdentity({ resetFloorMs: floorMs });
});
after(async () => await hub[Symbol.asyncDispose]());

const post = async (path: string, body: object, as?: string) => await hub.request('POST', path, as, body);
const confirm = async (token: string) => await post('/v1/email-verifications/confirm', { token });
const askReset = async (account: string) => await post('/v1/password-resets', { account });
const reset = async (token: string, more: object = {}) =>
  await post('/v1/password-resets/confirm', { token, newPassword: next, ...more });
const me = async (token: string) => await hub.request('GET', '/v1/me', token);
const refused = { status: 410, code: 'identity.token_refused' };
const outcome = ({ status, body }: { status: number; body: { code?: string } }) => ({
  status,
  code: body.code,
});

async function confirmed(): Promise<Person> {
  const person = await hub.person();
  assert.equal((await confirm(await hub.mailedToken(person.id, 'verify_email'))).status, 204);
  return person;
}

async function age(userId: string, purpose: string): Promise<void> {
  await hub.test.admin.query(
    'update identity.email_tokens set expires_at = now() where user_id = $1 and purpose = $2',
    [userId, purpose],
  );
}

describe('an address', () => {
  it('is theirs once its mail was answered, and then good for signing in', async () => {
    const person = await hub.person();
    assert.equal((await post('/v1/sessions', { account: person.email, password: testPassword })).status, 401);
    const token = await hub.mailedToken(person.id, 'verify_email');
    assert.equal((await confirm(token)).status, 204);
    const { body } = await me(person.token);
    assert.deepEqual([body.email, body.pendingEmail, body.verified], [person.email, null, true]);
    await hub.signIn(person.email.toUpperCase());
    assert.deepEqual(outcome(await confirm(token)), refused, 'a token is used once');
  });

  it('that is confirmed is not confirmed once more', async () => {
    const person = await confirmed();
    for (const body of [{}, { email: person.email.toUpperCase(), password: testPassword }]) {
      const again = await post('/v1/email-verifications', body, person.token);
      assert.deepEqual(outcome(again), { status: 409, code: 'identity.address_confirmed' });
    }
    assert.equal((await me(person.token)).body.pendingEmail, null);
  });

  it('that two claim belongs to whoever answers the mail first', async () => {
    const [one, two] = [await hub.person(), await hub.person()];
    const claim = await post(
      '/v1/email-verifications',
      { email: one.email, password: testPassword },
      two.token,
    );
    assert.equal(claim.status, 202);
    assert.equal((await confirm(await hub.mailedToken(two.id, 'verify_email'))).status, 204);
    const late = await confirm(await hub.mailedToken(one.id, 'verify_email'));
    assert.deepEqual(outcome(late), { status: 409, code: 'identity.email_taken' });
    assert.equal((await me(one.token)).body.email, null);
  });

  it('changes only with the password and when the new one was shown; the old one is told', async () => {
    const person = await confirmed();
    const wrong = await post(
      '/v1/email-verifications',
      { email: 'new@example.org', password: 'wrong' },
      person.token,
    );
    assert.deepEqual(outcome(wrong), { status: 403, code: 'identity.password_wrong' });
    const lonely = await post('/v1/email-verifications', { email: 'new@example.org' }, person.token);
    assert.equal(lonely.status, 400);
    await post('/v1/email-verifications', { email: 'new@example.org', password: testPassword }, person.token);
    assert.deepEqual((({ email, pendingEmail }) => [email, pendingEmail])((await me(person.token)).body), [
      person.email,
      'new@example.org',
    ]);
    assert.equal((await confirm(await hub.mailedToken(person.id, 'verify_email'))).status, 204);
    assert.equal((await me(person.token)).body.email, 'new@example.org');
    assert.equal(await hub.countMails(person.id, 'email_changed'), 1);
  });
});

describe('a token', () => {
  it('is replaced by the next one, and is good for its purpose only', async () => {
    const person = await confirmed();
    await askReset(person.username);
    const first = await hub.mailedToken(person.id, 'reset_password');
    await askReset(person.username);
    const second = await hub.mailedToken(person.id, 'reset_password');
    assert.deepEqual(outcome(await reset(first)), refused, 'the newest wins');
    assert.deepEqual(outcome(await confirm(second)), refused, 'another purpose');
    assert.equal((await reset(second)).status, 204);
    assert.deepEqual(outcome(await reset(second)), refused, 'used once');
  });

  it('is over after its time, and is nothing but the whole token', async () => {
    const person = await confirmed();
    await askReset(person.username);
    const token = await hub.mailedToken(person.id, 'reset_password');
    for (const text of [token.slice(0, -1), `${token}x`, 'x', person.token])
      assert.deepEqual(outcome(await reset(text)), refused);
    await age(person.id, 'reset_password');
    assert.deepEqual(outcome(await reset(token)), refused);
  });

  it('that several use at once is used by one', async () => {
    const person = await confirmed();
    await askReset(person.username);
    const token = await hub.mailedToken(person.id, 'reset_password');
    const answers = await Promise.all([1, 2, 3, 4].map(() => reset(token)));
    assert.deepEqual(answers.map(({ status }) => status).toSorted(), [204, 410, 410, 410]);
  });
});

describe('a reset', () => {
  it('sets the password, ends all sessions, and keeps keys unless told otherwise', async () => {
    const person = await confirmed();
    const { key } = await hub.key(person.token, ['identity:read']);
    await askReset(person.email);
    assert.equal((await reset(await hub.mailedToken(person.id, 'reset_password'))).status, 204);
    assert.deepEqual([(await me(person.token)).status, (await me(key)).status], [401, 200]);
    assert.equal(
      (await post('/v1/sessions', { account: person.username, password: testPassword })).status,
      401,
    );
    await hub.signIn(person.username, next);
    assert.equal(await hub.countMails(person.id, 'password_changed'), 1);
    await askReset(person.username);
    await reset(await hub.mailedToken(person.id, 'reset_password'), { revokeKeys: true });
    assert.equal((await me(key)).status, 401);
  });

  it('refuses a weak password and leaves the token good', async () => {
    const person = await confirmed();
    await askReset(person.username);
    const token = await hub.mailedToken(person.id, 'reset_password');
    assert.equal((await reset(token, { newPassword: 'qwertyuiop123' })).status, 422);
    assert.equal((await reset(token)).status, 204);
  });

  it('answers alike and no sooner than its floor, whether or not there is such an account', async () => {
    const person = await confirmed();
    const answers = [];
    for (const account of [person.username, person.email, 'nobody', 'nobody@example.org']) {
      const begin = performance.now();
      const { status, body } = await askReset(account);
      // A timer may fire up to a millisecond early.
      answers.push({ status, body, slow: performance.now() - begin >= floorMs - 1 });
    }
    for (const answer of answers) assert.deepEqual(answer, { status: 202, body: '', slow: true });
    const { rows } = await hub.test.admin.query(
      `select count(*)::int as count from identity.audit_events where action = 'password.reset_requested' and user_id is null`,
    );
    assert.equal(rows[0].count, 2);
  });
});

describe('the limits', () => {
  it('stop guessing by account, from whatever address, and tell when to come again', async () => {
    const rule = (requests: number) => ({ requests, windowSeconds: 900 });
    await hub[Symbol.asyncDispose]();
    hub = await startTestIdentity({
      rules: { 'sign-in': { address: rule(100), account: rule(4), both: rule(3) } },
    });
    const { username } = await hub.person();
    const tries = [];
    for (let round = 0; round < 4; round += 1)
      tries.push(await post('/v1/sessions', { account: username, password: 'wrong' }));
    assert.deepEqual(
      tries.map(({ status }) => status),
      [401, 401, 429, 429],
      'the first of three was the sign-in itself',
    );
    assert.ok(Number(tries[2]?.headers.get('retry-after')) > 0);
    const unknown = [];
    for (let round = 0; round < 4; round += 1)
      unknown.push((await post('/v1/sessions', { account: 'nobody', password: 'wrong' })).status);
    assert.deepEqual(unknown, [401, 401, 401, 429], 'a name that nobody has is limited as well');
  });

  it('count the name and the address of an account as one, without telling that they are', async () => {
    const { id, username, email } = await hub.person();
    const token = await hub.mailedToken(id, 'verify_email');
    assert.equal((await post('/v1/email-verifications/confirm', { token })).status, 204);
    const guess = async (account: string, password: string) => {
      const { status, body } = await post('/v1/sessions', { account, password });
      return { status, body: { ...body, requestId: '' } };
    };
    const wrong = await guess(username, 'wrong');
    await guess(username, 'wrong');
    // The sign-in itself and these two were all three.
    assert.deepEqual(
      await guess(email, testPassword),
      wrong,
      'the right password is not told from a wrong one',
    );
    assert.deepEqual(await guess(email, 'wrong'), wrong);
    await hub.test.admin.query(`update hub.rate_windows set ends_at = now()`);
    assert.equal((await guess(email.toUpperCase(), testPassword)).status, 201);
    await guess(email, 'wrong');
    await guess(email, 'wrong');
    const fourth = await guess(email, testPassword);
    assert.equal(
      fourth.status,
      429,
      'who uses one name is told by its own count, and never refused unawares',
    );
  });
});
