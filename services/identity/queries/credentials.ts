/** Look-ups of what somebody sends to be recognised by; each is one indexed read of one exact hash (ADR 0002). */
import type { Db } from '@quantum-hub/database';

export interface KeyCredential {
  readonly id: string;
  readonly userId: string;
  readonly roles: string[];
  readonly scopes: string[];
  readonly rateLimitRequests: number;
  readonly rateLimitWindowSeconds: number;
}

export interface SessionCredential {
  readonly id: string;
  readonly userId: string;
  readonly roles: string[];
}

/** The key with this hash, if it is valid now; by the database's clock, which all processes share. */
export async function findKeyCredential(db: Db, hash: Buffer): Promise<KeyCredential | undefined> {
  const { rows } = await db.query<KeyCredential>({
    name: 'identity-find-key',
    text: `select id, user_id as "userId", user_roles as roles, scopes,
                    rate_limit_requests as "rateLimitRequests", rate_limit_window_seconds as "rateLimitWindowSeconds"
               from identity.find_api_key($1)
              where status = 'active' and user_active and (expires_at is null or expires_at > now())`,
    values: [hash],
  });
  return rows[0];
}

/** The session with this hash, if it is valid now: neither ended, nor over, nor unused for too long. */
export async function findSessionCredential(db: Db, hash: Buffer): Promise<SessionCredential | undefined> {
  const { rows } = await db.query<SessionCredential>({
    name: 'identity-find-session',
    text: `select id, user_id as "userId", user_roles as roles
               from identity.find_session($1)
              where revoked_at is null and user_active and expires_at > now()
                and last_seen_at > now() - make_interval(secs => idle_seconds)`,
    values: [hash],
  });
  return rows[0];
}

export interface SignIn {
  readonly id: string;
  readonly passwordHash: string | null;
  readonly active: boolean;
}

/** Who signs in under this user name or confirmed address. */
export async function findSignIn(db: Db, nameOrEmail: string): Promise<SignIn | undefined> {
  const { rows } = await db.query<SignIn>(
    `select id, password_hash as "passwordHash", active from identity.find_sign_in($1)`,
    [nameOrEmail],
  );
  return rows[0];
}

/** Whose token this is, if it is good for this purpose now. */
export async function findEmailToken(db: Db, hash: Buffer, purpose: string): Promise<string | undefined> {
  const { rows } = await db.query<{ userId: string }>(
    `select user_id as "userId" from identity.find_email_token($1)
      where purpose = $2 and used_at is null and expires_at > now() and user_active`,
    [hash, purpose],
  );
  return rows[0]?.userId;
}

/** Writes when credentials were last used, in one statement each; what was written within the last minute stays. */
export async function recordUses(
  db: Db,
  table: 'user_api_keys' | 'user_sessions',
  uses: readonly { readonly id: string; readonly at: Date }[],
): Promise<void> {
  const column = table === 'user_api_keys' ? 'last_used_at' : 'last_seen_at';
  // The time is the hub's own, bounded by the database's, so that a clock that runs ahead writes no future.
  await db.query(
    `update identity.${table} t set ${column} = least(used.at, now())
       from unnest($1::uuid[], $2::timestamptz[]) used (id, at)
      where t.id = used.id and (t.${column} is null or t.${column} < used.at - interval '1 minute')`,
    [uses.map(({ id }) => id), uses.map(({ at }) => at)],
  );
}
