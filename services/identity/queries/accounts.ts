/** Accounts, each read and written as the identity service for its own user. */
import type { Db } from '@quantum-hub/database';

export interface Account {
  readonly id: string;
  readonly username: string;
  /** Shown to be theirs; null until then. */
  readonly email: string | null;
  /** Claimed, not shown yet. */
  readonly pendingEmail: string | null;
  readonly fullName: string | null;
  readonly roles: string[];
  readonly verified: boolean;
  readonly hasPassword: boolean;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  readonly lastLoginAt: Date | null;
}

const accountColumns = `u.id, u.username, u.email, u.full_name as "fullName", u.roles, u.verified,
  u.password_hash is not null as "hasPassword", u.created_at as "createdAt", u.updated_at as "updatedAt",
  u.last_login_at as "lastLoginAt",
  (select t.email from identity.email_tokens t
    where t.user_id = u.id and t.purpose = 'verify_email' and t.used_at is null) as "pendingEmail"`;

export interface NewUser {
  readonly id: string;
  readonly username: string;
  readonly fullName: string | null;
  readonly passwordHash: string | null;
  readonly roles: readonly string[];
}

/** Runs for the user that is made (`actor` is the new id). A name that is taken fails with `identity.username_taken`. */
export async function insertUser(db: Db, user: NewUser): Promise<void> {
  await db.query(
    `insert into identity.users (id, username, full_name, password_hash, roles, is_provider)
     values ($1, $2, $3, $4, $5, 'provider' = any($5::text[]))`,
    [user.id, user.username, user.fullName, user.passwordHash, user.roles],
  );
}

export async function findAccount(db: Db, id: string): Promise<Account | undefined> {
  const { rows } = await db.query<Account>({
    name: 'identity-find-account',
    text: `select ${accountColumns} from identity.users u where u.id = $1 and u.anonymised_at is null`,
    values: [id],
  });
  return rows[0];
}

/** The same, kept from changing until the end of the transaction. */
export async function lockAccount(db: Db, id: string): Promise<Account | undefined> {
  await db.query('select from identity.users where id = $1 for update', [id]);
  return await findAccount(db, id);
}

export async function findPasswordHash(db: Db, id: string): Promise<string | null | undefined> {
  const { rows } = await db.query<{ hash: string | null }>(
    'select password_hash as hash from identity.users where id = $1 and active',
    [id],
  );
  return rows[0]?.hash;
}

export async function updateAccount(
  db: Db,
  id: string,
  changes: { readonly username?: string; readonly fullName?: string | null },
): Promise<void> {
  await db.query(
    `update identity.users set username = coalesce($2, username),
            full_name = case when $3 then $4 else full_name end where id = $1`,
    [id, changes.username ?? null, changes.fullName !== undefined, changes.fullName ?? null],
  );
}

export async function setPasswordHash(db: Db, id: string, passwordHash: string): Promise<void> {
  await db.query('update identity.users set password_hash = $2 where id = $1', [id, passwordHash]);
}

export async function recordLogin(db: Db, id: string): Promise<void> {
  await db.query('update identity.users set last_login_at = now() where id = $1', [id]);
}

/** The address is theirs now. One that another account has shown before fails with `identity.email_taken`. */
export async function setVerifiedEmail(db: Db, id: string, email: string): Promise<void> {
  await db.query('update identity.users set email = $2, verified = true where id = $1', [id, email]);
}

/** Takes the person out of the row and leaves it for jobs and money; false for an administrator's, which stays. */
export async function anonymise(db: Db, id: string): Promise<boolean> {
  const { rowCount } = await db.query(
    `update identity.users
        set username = 'deleted-' || right(id::text, 12), email = null, full_name = null, password_hash = null,
            roles = '{}', active = false, verified = false, is_provider = false, last_login_at = null,
            anonymised_at = now()
      where id = $1 and not 'administrator' = any(roles)`,
    [id],
  );
  if (rowCount === 0) return false;
  for (const table of ['user_profiles', 'user_api_keys', 'user_sessions', 'email_tokens', 'outbox_mails']) {
    await db.query(`delete from identity.${table} where user_id = $1`, [id]);
  }
  return true;
}
