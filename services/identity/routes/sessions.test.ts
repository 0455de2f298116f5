/** Guarantee: a session opens for the right password only, tells nothing otherwise, and ends when it should. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { Passwords } from '../secrets/passwords.ts';
import { countingHash } from '../secrets/test-counting-hash.ts';
import { startTestIdentity, type TestIdentity, testPassword } from '../test-identity.ts';

const counting = countingHash();
let hub: TestIdentity;
before(async () => {
  hub = await startTestIdentity({ passwords: new Passwords({ algorithm: counting.algorithm }) });
});
after(async () => await hub[Symbol.asyncDispose]());

const signIn = async (account: string, password: string, as?: string, more: object = {}) =>
  await hub.request('POST', '/v1/sessions', as, { account, password, ...more });
const me = async (token: string) => (await hub.request('GET', '/v1/me', token)).status;

describe('a refused sign-in', () => {
  it('is the same answer for an unknown name, a wrong password, no password and a switched-off account', async () => {
    const ada = await hub.person('ada');
    await hub.person('off');
    await hub.administrator();
    await hub.test.admin.query(`update identity.users set active = false where username = 'off'`);
    const tries: [string, string][] = [
      ['nobody', testPassword],
      ['ada', 'a wrong password'],
      ['admin', testPassword],
      ['off', testPassword],
    ];
    const answers = [];
    for (const [account, password] of tries) {
      const before = counting.verifies;
      const { status, body } = await signIn(account, password);
      answers.push({ status, body: { ...body, requestId: '' }, verifies: counting.verifies - before });
    }
    for (const answer of answers) assert.deepEqual(answer, answers[0]);
    assert.deepEqual([answers[0]?.status, answers[0]?.verifies], [401, 1], 'one slow check each');
    assert.ok((await hub.events(ada.id)).includes('session.created refused'));
  });

  it('is logged for names that nobody has too, without what was typed', async () => {
    await signIn('my secret password typed as a name', 'x');
    const { rows } = await hub.test.admin.query(
      `select action, host(ip_address) as address, audit_events::text as whole from identity.audit_events where user_id is null`,
    );
    assert.equal(rows.length, 2);
    assert.deepEqual([rows[1].action, rows[1].address], ['session.created', '127.0.0.1']);
    assert.doesNotMatch(rows[1].whole, /secret password/);
  });

  it('takes as long for a name that nobody has: the medians differ by less than half', async () => {
    const times: Record<string, number[]> = { ada: [], nobody: [] };
    for (let round = 0; round < 15; round += 1) {
      for (const account of ['ada', 'nobody']) {
        const begin = performance.now();
        await signIn(account, 'a wrong password');
        times[account]?.push(performance.now() - begin);
      }
    }
    const median = (values: number[] = []) => values.toSorted((a, b) => a - b)[7] ?? 0;
    const ratio = median(times.ada) / median(times.nobody);
    assert.ok(ratio > 0.5 && ratio < 2, `ratio ${ratio}`);
  });
});

describe('sessions', () => {
  it('are listed with the current one marked, and ended one by one, at once', async () => {
    const { username, token } = await hub.person();
    const other = (await signIn(username, testPassword)).body;
    const { body } = await hub.request('GET', '/v1/sessions', token);
    assert.deepEqual(
      body.items.map(({ id, current }: { id: string; current: boolean }) => [id === other.id, current]),
      [
        [true, false],
        [false, true],
      ],
    );
    assert.equal((await hub.request('DELETE', `/v1/sessions/${other.id}`, token)).status, 204);
    assert.deepEqual([await me(other.token), await me(token)], [401, 200]);
    assert.equal((await hub.request('DELETE', `/v1/sessions/${other.id}`, token)).status, 404, 'it is gone');
    assert.equal((await hub.request('DELETE', '/v1/sessions/current', token)).status, 204);
    assert.equal(await me(token), 401);
  });

  it('of others are not to be seen or ended', async () => {
    const [one, two] = [await hub.person(), await hub.person()];
    const { body } = await hub.request('GET', '/v1/sessions', two.token);
    const answer = await hub.request('DELETE', `/v1/sessions/${body.items[0].id}`, one.token);
    assert.deepEqual([answer.status, answer.body.code], [404, 'identity.session_not_found']);
    assert.equal(await me(two.token), 200);
  });

  it('are pages with a cursor', async () => {
    const { username, token } = await hub.person();
    for (let more = 0; more < 4; more += 1) await hub.signIn(username);
    const seen: string[] = [];
    let cursor = '';
    do {
      const { body } = await hub.request(
        'GET',
        `/v1/sessions?limit=2${cursor && `&cursor=${cursor}`}`,
        token,
      );
      seen.push(...body.items.map(({ id }: { id: string }) => id));
      cursor = body.nextCursor ?? '';
    } while (cursor);
    assert.deepEqual([seen.length, new Set(seen).size], [5, 5]);
  });

  it('take the place of the one that somebody signs in with', async () => {
    const { username, token } = await hub.person();
    const next = await signIn(username, testPassword, token);
    assert.equal(next.status, 201);
    assert.notEqual(next.body.token, token);
    assert.deepEqual([await me(token), await me(next.body.token)], [401, 200]);
  });

  it('come as a cookie for browsers that scripts and other hosts cannot read, and then not in the body', async () => {
    const { username } = await hub.person();
    const { status, headers, body } = await signIn(username, testPassword, undefined, { cookie: true });
    const [cookie] = headers.getSetCookie();
    assert.equal(status, 201);
    assert.equal(body.token, undefined);
    assert.match(
      String(cookie),
      /^__Host-qhub_session=qh_session_\w{49}; Expires=[^;]+; Path=\/; Secure; HttpOnly; SameSite=Lax$/,
    );
    const value = String(cookie).split(';')[0] ?? '';
    assert.equal((await hub.request('GET', '/v1/me', undefined, undefined, { cookie: value })).status, 200);
    const out = await hub.request('DELETE', '/v1/sessions/current', undefined, undefined, {
      cookie: value,
      origin: hub.hub.url,
    });
    assert.equal(out.status, 204, JSON.stringify(out.body));
    assert.match(String(out.headers.getSetCookie()[0]), /^__Host-qhub_session=; Max-Age=0;/);
  });

  it('make an old hash anew when their user signs in', async () => {
    const { id, username } = await hub.person();
    const old = await counting.weakHash(testPassword);
    await hub.test.admin.query('update identity.users set password_hash = $2 where id = $1', [id, old]);
    await hub.signIn(username);
    const { rows } = await hub.test.admin.query(
      'select password_hash as hash from identity.users where id = $1',
      [id],
    );
    assert.match(rows[0].hash, /^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    await hub.signIn(username);
  });
});

describe('when a session was last used', () => {
  it('is written beside requests, at most once a minute', async () => {
    const { token, id } = await hub.person();
    const seen = async () =>
      (
        await hub.test.admin.query(
          'select last_seen_at as at from identity.user_sessions where user_id = $1',
          [id],
        )
      ).rows[0].at;
    await hub.test.admin.query(
      `update identity.user_sessions set last_seen_at = now() - interval '1 hour' where user_id = $1`,
      [id],
    );
    await me(token);
    await hub.identity.settled();
    const first = await seen();
    assert.ok(Date.now() - first.getTime() < 60_000, 'the use was written');
    await me(token);
    await hub.identity.settled();
    assert.deepEqual(await seen(), first, 'the next one within the minute is not');
  });
});
