import { hashSecret, newId } from '@quantum-hub/kernel';
import type { Hub } from './open-hub.ts';

export interface People {
  /** Ids of users; each has an API key. */
  readonly users: readonly string[];
  /** SHA-256 of each user's key, in the order of `users`. */
  readonly keyHashes: readonly Buffer[];
  readonly platform: string;
  readonly device: string;
}

/** Users with a key each, and one device of the hub's own platform. */
export async function seedPeople({ admin }: Hub, count: number): Promise<People> {
  const users = Array.from({ length: count }, newId);
  const keyHashes = users.map((id) => hashSecret(id));
  await admin.query(
    `insert into identity.users (id, username, email)
     select id, 'user-' || n, 'user-' || n || '@example.org' from unnest($1::uuid[]) with ordinality u(id, n)`,
    [users],
  );
  await admin.query(
    `insert into identity.user_api_keys (id, user_id, name, prefix, key_hash, scopes)
     select id, user_id, 'benchmark', 'qh_live_bench', hash, '{execution:write}'
     from unnest($1::uuid[], $2::uuid[], $3::bytea[]) k(id, user_id, hash)`,
    [users.map(newId), users, keyHashes],
  );
  const device = newId();
  const { rows } = await admin.query(`select id from execution.platforms where name = 'local'`);
  const platform = rows[0].id as string;
  await admin.query(
    `insert into execution.devices (id, platform_id, name, status, qubits) values ($1, $2, 'benchmark', 'online', 20)`,
    [device, platform],
  );
  await admin.query('vacuum analyze identity.users, identity.user_api_keys');
  return { users, keyHashes, platform, device };
}
