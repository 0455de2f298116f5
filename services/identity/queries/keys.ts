import type { Db } from '@quantum-hub/database';
import type { KeyState } from '../domain/key-state.ts';

export interface ApiKey {
  readonly id: string;
  readonly name: string;
  readonly prefix: string;
  readonly scopes: string[];
  readonly status: KeyState;
  readonly rateLimitRequests: number;
  readonly rateLimitWindowSeconds: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  readonly expiresAt: Date | null;
  readonly lastUsedAt: Date | null;
  readonly replacesId: string | null;
}

const columns = `id, name, prefix, scopes,
  case when status = 'active' and expires_at <= now() then 'expired' else status end as status,
  rate_limit_requests as "rateLimitRequests", rate_limit_window_seconds as "rateLimitWindowSeconds",
  created_at as "createdAt", updated_at as "updatedAt", expires_at as "expiresAt", last_used_at as "lastUsedAt",
  replaces_id as "replacesId"`;

export interface NewKey {
  readonly id: string;
  readonly userId: string;
  readonly name: string;
  readonly prefix: string;
  readonly hash: Buffer;
  readonly scopes: readonly string[];
  readonly expiresAt: Date | null;
  readonly replacesId?: string;
  readonly rateLimit?: { readonly requests: number; readonly windowSeconds: number };
}

export async function insertKey(db: Db, key: NewKey): Promise<ApiKey> {
  const { id, userId, name, prefix, hash, scopes, expiresAt, replacesId, rateLimit } = key;
  const { rows } = await db.query<ApiKey>(
    `insert into identity.user_api_keys (id, user_id, name, prefix, key_hash, scopes, expires_at, replaces_id,
                                         rate_limit_requests, rate_limit_window_seconds)
     values ($1, $2, $3, $4, $5, $6, $7, $8, coalesce($9, 1000), coalesce($10, 900)) returning ${columns}`,
    [
      id,
      userId,
      name,
      prefix,
      hash,
      scopes,
      expiresAt,
      replacesId ?? null,
      rateLimit?.requests,
      rateLimit?.windowSeconds,
    ],
  );
  return rows[0] as ApiKey;
}

/** How many may be used now; other makers of keys of this user wait until the transaction ends. */
export async function countActiveKeys(db: Db, userId: string): Promise<number> {
  await db.query('select from identity.users where id = $1 for no key update', [userId]);
  const { rows } = await db.query<{ count: number }>(
    `select count(*)::integer as count from identity.user_api_keys
      where user_id = $1 and status = 'active' and (expires_at is null or expires_at > now())`,
    [userId],
  );
  return rows[0]?.count ?? 0;
}

/** Newest first, whatever became of them. */
export async function listKeys(
  db: Db,
  userId: string,
  page: { readonly limit: number; readonly after?: string },
): Promise<ApiKey[]> {
  const { rows } = await db.query<ApiKey>(
    `select ${columns} from identity.user_api_keys
      where user_id = $1 and ($2::uuid is null or id < $2) order by id desc limit $3`,
    [userId, page.after ?? null, page.limit],
  );
  return rows;
}

export async function findKey(db: Db, userId: string, id: string): Promise<ApiKey | undefined> {
  const { rows } = await db.query<ApiKey>(
    `select ${columns} from identity.user_api_keys where user_id = $1 and id = $2`,
    [userId, id],
  );
  return rows[0];
}

/** The same, kept from changing until the end of the transaction. */
export async function lockKey(db: Db, userId: string, id: string): Promise<ApiKey | undefined> {
  const { rows } = await db.query<ApiKey>(
    `select ${columns} from identity.user_api_keys where user_id = $1 and id = $2 for update`,
    [userId, id],
  );
  return rows[0];
}

/** The key that was made in the place of one and is active. */
export async function findSuccessor(db: Db, userId: string, id: string): Promise<string | undefined> {
  const { rows } = await db.query<{ id: string }>(
    `select id from identity.user_api_keys
      where user_id = $1 and replaces_id = $2 and status = 'active' and (expires_at is null or expires_at > now())
      order by id desc limit 1`,
    [userId, id],
  );
  return rows[0]?.id;
}

export async function updateKey(
  db: Db,
  id: string,
  changes: { readonly name?: string; readonly expiresAt?: Date | null },
): Promise<ApiKey> {
  const { rows } = await db.query<ApiKey>(
    `update identity.user_api_keys set name = coalesce($2, name), expires_at = case when $3 then $4 else expires_at end
      where id = $1 returning ${columns}`,
    [id, changes.name ?? null, changes.expiresAt !== undefined, changes.expiresAt ?? null],
  );
  return rows[0] as ApiKey;
}

/** The key goes on for so many seconds and not beyond its own end. */
export async function endKeyIn(db: Db, id: string, seconds: number): Promise<void> {
  await db.query(
    `update identity.user_api_keys
        set expires_at = least(expires_at, now() + make_interval(secs => $2)) where id = $1`,
    [id, seconds],
  );
}

/** Revokes one key at once; false where there is no such active one. */
export async function revokeKey(db: Db, userId: string, id: string): Promise<boolean> {
  const { rowCount } = await db.query(
    `update identity.user_api_keys set status = 'revoked' where user_id = $1 and id = $2 and status = 'active'`,
    [userId, id],
  );
  return rowCount > 0;
}

/** Revokes all keys of a user and says how many. */
export async function revokeKeys(db: Db, userId: string): Promise<number> {
  const { rowCount } = await db.query(
    `update identity.user_api_keys set status = 'revoked' where user_id = $1 and status = 'active'`,
    [userId],
  );
  return rowCount;
}
