/** Guarantee: a key does what its scopes say until it ends, and never makes or prolongs a stronger one. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { startTestIdentity, type TestIdentity } from '../test-identity.ts';

let hub: TestIdentity;
before(async () => {
  hub = await startTestIdentity();
});
after(async () => await hub[Symbol.asyncDispose]());

const both = ['identity:read', 'identity:write'];
const inDays = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString();
const me = async (key: string) => (await hub.request('GET', '/v1/me', key)).status;
const create = async (as: string, body: object) =>
  await hub.request('POST', '/v1/keys', as, { name: 'x', ...body });
const rotate = async (as: string, id: string, body: object = {}) =>
  await hub.request('POST', `/v1/keys/${id}/rotate`, as, body);
const tooStrong = (answer: { status: number; body: { code: string } }) =>
  assert.deepEqual([answer.status, answer.body.code], [403, 'identity.key_too_strong']);

describe('a key', () => {
  it('is shown once, listed by its beginning, and does what its scopes say', async () => {
    const { token } = await hub.person();
    const made = await hub.key(token, ['identity:read']);
    assert.match(made.key, /^qh_live_\w{49}$/);
    const { body } = await hub.request('GET', '/v1/keys', token);
    const { key: _key, ...shown } = made;
    assert.deepEqual(body.items, [shown]);
    assert.ok(made.key.startsWith(made.prefix) && made.prefix.length < 20);
    assert.equal(await me(made.key), 200);
    const write = await hub.request('PATCH', '/v1/me', made.key, { fullName: 'X' });
    assert.deepEqual([write.status, write.body.code], [403, 'http.scope_missing']);
  });

  it('is revoked at once, for good', async () => {
    const { token } = await hub.person();
    const { id, key } = await hub.key(token, both);
    assert.equal((await hub.request('DELETE', `/v1/keys/${id}`, token)).status, 204);
    assert.equal(await me(key), 401);
    assert.equal((await hub.request('DELETE', `/v1/keys/${id}`, token)).status, 404);
    const again = await rotate(token, id);
    assert.deepEqual([again.status, again.body.code], [409, 'identity.key_not_active']);
    assert.equal((await hub.request('GET', `/v1/keys/${id}`, token)).body.status, 'revoked');
  });

  it('of others is not to be seen, changed, replaced or revoked', async () => {
    const [one, two] = [await hub.person(), await hub.person()];
    const { id, key } = await hub.key(two.token, both);
    for (const [method, path, body] of [
      ['GET', `/v1/keys/${id}`, undefined],
      ['PATCH', `/v1/keys/${id}`, { name: 'mine' }],
      ['POST', `/v1/keys/${id}/rotate`, {}],
      ['DELETE', `/v1/keys/${id}`, undefined],
    ] as const) {
      const answer = await hub.request(method, path, one.token, body);
      assert.deepEqual([answer.status, answer.body.code], [404, 'identity.api_key_not_found'], method);
    }
    assert.equal(await me(key), 200);
  });

  it('is renamed, and changed only in the state that was read', async () => {
    const { token } = await hub.person();
    const { id } = await hub.key(token, both);
    const read = await hub.request('GET', `/v1/keys/${id}`, token);
    const etag = String(read.headers.get('etag'));
    const change = async (name: string) =>
      await hub.request('PATCH', `/v1/keys/${id}`, token, { name }, { 'if-match': etag });
    assert.deepEqual([(await change('one')).body.name, (await change('two')).status], ['one', 412]);
  });

  it('is changed in the state that was read although it was used since', async () => {
    const { token } = await hub.person();
    const { id, key } = await hub.key(token, both);
    const read = await hub.request('GET', `/v1/keys/${id}`, token);
    assert.equal(await me(key), 200);
    await hub.identity.settled();
    const used = await hub.request('GET', `/v1/keys/${id}`, token);
    assert.deepEqual([read.body.lastUsedAt, used.body.lastUsedAt !== null], [null, true]);
    const etag = String(read.headers.get('etag'));
    const changed = await hub.request(
      'PATCH',
      `/v1/keys/${id}`,
      token,
      { name: 'one' },
      { 'if-match': etag },
    );
    assert.equal(changed.status, 200);
    const next = await hub.request('GET', `/v1/keys/${id}`, token);
    assert.equal(
      next.headers.get('etag'),
      changed.headers.get('etag'),
      'the tag of a change is that of the next look',
    );
  });

  it('cannot do what only a session may: change the password, the address or end the account', async () => {
    const { token } = await hub.person();
    const { key } = await hub.key(token, both);
    for (const [method, path, body] of [
      ['PUT', '/v1/me/password', { currentPassword: 'a', newPassword: 'b' }],
      ['POST', '/v1/email-verifications', {}],
      ['DELETE', '/v1/me', { password: 'a' }],
      ['GET', '/v1/me/export', undefined],
    ] as const) {
      const answer = await hub.request(method, path, key, body);
      assert.deepEqual([answer.status, answer.body.code], [403, 'http.session_needed'], path);
    }
  });

  it('is one of a hundred at most', async () => {
    const { id, token } = await hub.person();
    await hub.test.admin.query(
      `insert into identity.user_api_keys (id, user_id, name, prefix, key_hash)
       select overlay(overlay(gen_random_uuid()::text placing '7' from 15) placing '8' from 20)::uuid, $1, 'x', 'qh_live_abcdef', sha256(n::text::bytea)
         from generate_series(1, 100) n`,
      [id],
    );
    const answer = await create(token, { scopes: [] });
    assert.deepEqual([answer.status, answer.body.code], [409, 'identity.too_many_keys']);
  });
});

describe('rotation', () => {
  it('gives a new key with the same rights; the old one goes on for the overlap and no longer', async () => {
    const { token } = await hub.person();
    const old = await hub.key(token, both, { name: 'robot', expiresAt: inDays(10) });
    const { status, body: fresh } = await rotate(token, old.id, { overlapSeconds: 3600 });
    assert.equal(status, 201);
    assert.deepEqual([fresh.name, fresh.scopes, fresh.replacesId], ['robot', both, old.id]);
    const days = (new Date(fresh.expiresAt).getTime() - Date.now()) / 86_400_000;
    assert.ok(days > 9.9 && days < 10.1, 'as long a life as the old one had');
    assert.deepEqual([await me(old.key), await me(fresh.key)], [200, 200]);
    const { body } = await hub.request('GET', `/v1/keys/${old.id}`, token);
    const minutes = (new Date(body.expiresAt).getTime() - Date.now()) / 60_000;
    assert.ok(minutes > 50 && minutes < 61);
    await hub.test.admin.query('update identity.user_api_keys set expires_at = now() where id = $1', [
      old.id,
    ]);
    assert.deepEqual([await me(old.key), await me(fresh.key)], [401, 200]);
  });

  it('of a key that was rotated names the one in its place, so that nobody gets a key that ends with the overlap', async () => {
    const { token } = await hub.person();
    const old = await hub.key(token, both);
    const fresh = (await rotate(token, old.id)).body;
    const again = await rotate(token, old.id);
    assert.deepEqual([again.status, again.body.code], [409, 'identity.key_replaced']);
    assert.ok(again.body.detail.includes(fresh.id));
    const next = await rotate(token, fresh.id, { overlapSeconds: 0 });
    assert.deepEqual([next.status, next.body.expiresAt], [201, null]);
  });

  it('with no overlap revokes the old key at once', async () => {
    const { token } = await hub.person();
    const old = await hub.key(token, both);
    const fresh = (await rotate(token, old.id, { overlapSeconds: 0 })).body;
    assert.deepEqual([await me(old.key), await me(fresh.key)], [401, 200]);
  });
});

describe('a key that makes keys', () => {
  it('makes none that may do more, or lasts longer', async () => {
    const { token } = await hub.person();
    const weak = await hub.key(token, both, { expiresAt: inDays(2) });
    tooStrong(await create(weak.key, { scopes: [...both, 'execution:write'], expiresAt: inDays(1) }));
    tooStrong(await create(weak.key, { scopes: both }));
    tooStrong(await create(weak.key, { scopes: both, expiresAt: inDays(3) }));
    assert.equal((await create(weak.key, { scopes: ['identity:read'], expiresAt: inDays(1) })).status, 201);
  });

  it('neither by rotation, of itself or of a stronger key, nor by moving an end', async () => {
    const { token } = await hub.person();
    const weak = await hub.key(token, both, { expiresAt: inDays(2) });
    const strong = await hub.key(token, [...both, 'execution:write']);
    tooStrong(await rotate(weak.key, strong.id));
    const self = await rotate(weak.key, weak.id);
    assert.deepEqual([self.status, self.body.expiresAt], [201, weak.expiresAt], 'no longer than before');
    tooStrong(await hub.request('PATCH', `/v1/keys/${weak.id}`, weak.key, { expiresAt: null }));
    tooStrong(await hub.request('PATCH', `/v1/keys/${weak.id}`, weak.key, { expiresAt: inDays(9) }));
  });
});

describe('a creation that is sent twice', () => {
  it('shows its key once: the repetition says that there was one', async () => {
    const { token } = await hub.person();
    const send = async () =>
      await hub.request('POST', '/v1/keys', token, { name: 'x', scopes: [] }, { 'idempotency-key': 'once' });
    assert.equal((await send()).status, 201);
    const again = await send();
    assert.deepEqual([again.status, again.body.code], [409, 'http.idempotency_secret_gone']);
    assert.equal((await hub.request('GET', '/v1/keys', token)).body.items.length, 1);
  });
});
