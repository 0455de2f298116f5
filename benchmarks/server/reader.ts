import { makeApiKey, makeUser, type TestDatabase } from '@quantum-hub/database/testing';
import { newSecretKey } from '@quantum-hub/kernel';

/** Somebody whose key may read their account, as often as the database lets a key be allowed. */
export async function makeReader({ admin }: TestDatabase): Promise<string> {
  const user = await makeUser(admin, { roles: ['consumer'] });
  const { secret, prefix, hash } = newSecretKey('live');
  await makeApiKey(admin, {
    user_id: user.id,
    prefix,
    key_hash: hash,
    scopes: ['identity:read'],
    rate_limit_requests: 1_000_000,
    rate_limit_window_seconds: 60,
  });
  return secret.reveal();
}
