import type { Db } from '@quantum-hub/database';
import type { EmailTokenPurpose } from '../domain/lifetimes.ts';

export interface NewEmailToken {
  readonly id: string;
  readonly userId: string;
  readonly purpose: EmailTokenPurpose;
  readonly email: string;
  readonly hash: Buffer;
  readonly lifeSeconds: number;
}

/** The newest wins: there is one row a user and purpose, and this one takes it over. Gives back when it ends. */
export async function putEmailToken(db: Db, token: NewEmailToken): Promise<Date> {
  const { id, userId, purpose, email, hash, lifeSeconds } = token;
  const { rows } = await db.query<{ expiresAt: Date }>(
    `insert into identity.email_tokens (id, user_id, purpose, email, token_hash, expires_at)
     values ($1, $2, $3, $4, $5, now() + make_interval(secs => $6))
     on conflict (user_id, purpose) do update
       set email = excluded.email, token_hash = excluded.token_hash, expires_at = excluded.expires_at, used_at = null
     returning expires_at as "expiresAt"`,
    [id, userId, purpose, email, hash, lifeSeconds],
  );
  return (rows[0] as { expiresAt: Date }).expiresAt;
}

/**
 * Uses a token up and gives the address that it was sent to; undefined when it is not good any more. Of two at once one
 * succeeds: the second waits for the row and finds it used.
 */
export async function useEmailToken(
  db: Db,
  hash: Buffer,
  purpose: EmailTokenPurpose,
): Promise<string | undefined> {
  const { rows } = await db.query<{ email: string }>(
    `update identity.email_tokens set used_at = now()
      where token_hash = $1 and purpose = $2 and used_at is null and expires_at > now() returning email`,
    [hash, purpose],
  );
  return rows[0]?.email;
}

/** A token that was not used is worth nothing from now on; unless it was sent to the address that is excepted. */
export async function dropEmailToken(
  db: Db,
  userId: string,
  purpose: EmailTokenPurpose,
  { exceptTo }: { readonly exceptTo?: string } = {},
): Promise<void> {
  await db.query(
    `delete from identity.email_tokens
      where user_id = $1 and purpose = $2 and used_at is null and lower(email) is distinct from lower($3::text)`,
    [userId, purpose, exceptTo ?? null],
  );
}

/** The same for a mailed reset, as the steward, who sees neither the token nor where it went. */
export async function dropReset(db: Db, userId: string): Promise<void> {
  await db.query(
    `delete from identity.email_tokens where user_id = $1 and purpose = 'reset_password' and used_at is null`,
    [userId],
  );
}
