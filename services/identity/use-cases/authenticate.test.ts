/** Guarantee: exactly the secrets that are valid at this moment are recognised, and revocation counts from the next call on. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { constraintCodes, type Database, openDatabase, ormOptions } from '@quantum-hub/database';
import { createTestDatabase, type TestDatabase } from '@quantum-hub/database/testing';
import { newId, newSecretKey, newSessionToken } from '@quantum-hub/kernel';
import { startAuthentication } from '../start-authentication.ts';
import { createAuthenticator } from './authenticate.ts';

let test: TestDatabase;
let database: Database;
const userId = newId();
const key = newSecretKey('live');
const keyId = newId();
const token = newSessionToken();
const sessionId = newId();
const authenticate = createAuthenticator();

before(async () => {
  test = await createTestDatabase();
  database = await openDatabase({
    connection: test.application,
    service: 'test',
    orm: ormOptions,
    constraintCodes,
  });
  const { admin } = test;
  await admin.query(
    `insert into identity.users (id, username, roles) values ($1, 'ada', '{consumer,developer}')`,
    [userId],
  );
  await admin.query(
    `insert into identity.user_api_keys (id, user_id, name, prefix, key_hash, scopes) values ($1, $2, 'laptop', $3, $4, '{execution:read}')`,
    [keyId, userId, key.prefix, key.hash],
  );
  await admin.query(
    `insert into identity.user_sessions (id, user_id, token_hash, expires_at) values ($1, $2, $3, now() + interval '1 day')`,
    [sessionId, userId, token.hash],
  );
});
after(async () => {
  await database.close();
  await test[Symbol.asyncDispose]();
});

/** What a change of the rows makes of both secrets; it is taken back afterwards. */
async function afterChange(change: string, undo: string): Promise<{ key: boolean; session: boolean }> {
  await test.admin.query(change);
  const outcome = {
    key: (await authenticate(key.secret.reveal())) !== undefined,
    session: (await authenticate(token.secret.reveal())) !== undefined,
  };
  await test.admin.query(undo);
  return outcome;
}

describe('the authenticator', () => {
  it('knows a key with its scopes and its limit, and a session with all that its user may', async () => {
    assert.deepEqual(await authenticate(key.secret.reveal()), {
      userId,
      roles: ['consumer', 'developer'],
      scopes: ['execution:read'],
      via: 'key',
      credentialId: keyId,
      rateLimit: { requests: 1000, windowSeconds: 900 },
    });
    assert.deepEqual(await authenticate(token.secret.reveal()), {
      userId,
      roles: ['consumer', 'developer'],
      scopes: 'all',
      via: 'session',
      credentialId: sessionId,
    });
  });

  it('knows nothing else: no other secret, no hash, no mailed token, no text at all', async () => {
    const altered = `${key.secret.reveal().slice(0, -1)}_`;
    const others = ['', 'x', altered, key.hash.toString('hex'), key.prefix];
    others.push(
      ...(['live', 'session', 'verify', 'reset', 'sub'] as const).map((kind) =>
        newSecretKey(kind).secret.reveal(),
      ),
    );
    for (const secret of others) assert.equal(await authenticate(secret), undefined, secret);
  });

  const keys = 'update identity.user_api_keys set';
  const sessions = 'update identity.user_sessions set';
  const cases: readonly [string, string, string, { key: boolean; session: boolean }][] = [
    [
      'a revoked key',
      `${keys} status = 'revoked'`,
      `${keys} status = 'active'`,
      { key: false, session: true },
    ],
    [
      'a key that is over',
      `${keys} expires_at = now()`,
      `${keys} expires_at = null`,
      { key: false, session: true },
    ],
    [
      'a key that will be over',
      `${keys} expires_at = now() + interval '1 minute'`,
      `${keys} expires_at = null`,
      { key: true, session: true },
    ],
    [
      'an ended session',
      `${sessions} revoked_at = now()`,
      `${sessions} revoked_at = null`,
      { key: true, session: false },
    ],
    [
      'a session that is over',
      `${sessions} issued_at = now() - interval '2 day', expires_at = now()`,
      `${sessions} expires_at = now() + interval '1 day'`,
      { key: true, session: false },
    ],
    [
      'a session unused for too long',
      `${sessions} last_seen_at = now() - make_interval(secs => idle_seconds)`,
      `${sessions} last_seen_at = now()`,
      { key: true, session: false },
    ],
    [
      'an account switched off',
      'update identity.users set active = false',
      'update identity.users set active = true',
      { key: false, session: false },
    ],
  ];
  for (const [name, change, undo, expected] of cases) {
    it(`judges ${name} at once`, async () => {
      assert.deepEqual(await afterChange(change, undo), expected);
      assert.deepEqual(await afterChange('select', 'select'), { key: true, session: true }, 'as before');
    });
  }

  it('writes when a credential was last used in a process that serves another service, too', async () => {
    await test.admin.query(`update identity.user_sessions set last_seen_at = now() - interval '6 days'`);
    const authentication = startAuthentication({ as: 'execution' });
    for (const { secret } of [key, token]) await authentication.authenticate(secret.reveal());
    await authentication[Symbol.asyncDispose]();
    const { rows } = await test.admin.query(
      `select (select last_used_at from identity.user_api_keys where id = $1) > now() - interval '1 minute' as key,
              (select last_seen_at from identity.user_sessions where id = $2) > now() - interval '1 minute' as session`,
      [keyId, sessionId],
    );
    assert.deepEqual(rows, [{ key: true, session: true }]);
  });

  it('works for every service with its own rights', async () => {
    for (const as of ['development', 'marketplace', 'execution'] as const) {
      assert.equal((await createAuthenticator({ as })(key.secret.reveal()))?.userId, userId, as);
    }
  });
});
