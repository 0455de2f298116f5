import type { Db } from '@quantum-hub/database';

export interface NewSession {
  readonly id: string;
  readonly userId: string;
  readonly tokenHash: Buffer;
  readonly lifeSeconds: number;
  readonly idleSeconds: number;
  readonly ipAddress: string | null;
  readonly userAgent: string | null;
}

export interface Session {
  readonly id: string;
  readonly issuedAt: Date;
  readonly expiresAt: Date;
  readonly lastSeenAt: Date;
  readonly ipAddress: string | null;
  readonly userAgent: string | null;
}

const isLive = `revoked_at is null and expires_at > now() and last_seen_at > now() - make_interval(secs => idle_seconds)`;
const columns = `id, issued_at as "issuedAt", expires_at as "expiresAt", last_seen_at as "lastSeenAt",
  host(ip_address) as "ipAddress", user_agent as "userAgent"`;

/** All times are the database's. Gives back when it ends. */
export async function insertSession(db: Db, session: NewSession): Promise<Date> {
  const { id, userId, tokenHash, lifeSeconds, idleSeconds, ipAddress, userAgent } = session;
  const { rows } = await db.query<{ expiresAt: Date }>(
    `insert into identity.user_sessions (id, user_id, token_hash, issued_at, expires_at, idle_seconds, ip_address, user_agent)
     values ($1, $2, $3, now(), now() + make_interval(secs => $4), $5, $6, $7) returning expires_at as "expiresAt"`,
    [id, userId, tokenHash, lifeSeconds, idleSeconds, ipAddress, userAgent],
  );
  return (rows[0] as { expiresAt: Date }).expiresAt;
}

/** Those that are still good, newest first. */
export async function listSessions(
  db: Db,
  userId: string,
  page: { readonly limit: number; readonly after?: string },
): Promise<Session[]> {
  const { rows } = await db.query<Session>(
    `select ${columns} from identity.user_sessions
      where user_id = $1 and ${isLive} and ($2::uuid is null or id < $2) order by id desc limit $3`,
    [userId, page.after ?? null, page.limit],
  );
  return rows;
}

/** All there are, ended ones too: for the export of one's account. */
export async function listAllSessions(
  db: Db,
  userId: string,
): Promise<(Session & { revokedAt: Date | null })[]> {
  const { rows } = await db.query<Session & { revokedAt: Date | null }>(
    `select ${columns}, revoked_at as "revokedAt" from identity.user_sessions where user_id = $1 order by id`,
    [userId],
  );
  return rows;
}

/** Ends one session; false where there is no such live one. */
export async function revokeSession(db: Db, userId: string, id: string): Promise<boolean> {
  const { rowCount } = await db.query(
    `update identity.user_sessions set revoked_at = now() where user_id = $1 and id = $2 and ${isLive}`,
    [userId, id],
  );
  return rowCount > 0;
}

/** Ends all sessions of a user and says how many. */
export async function revokeSessions(db: Db, userId: string): Promise<number> {
  const { rowCount } = await db.query(
    'update identity.user_sessions set revoked_at = now() where user_id = $1 and revoked_at is null',
    [userId],
  );
  return rowCount;
}
