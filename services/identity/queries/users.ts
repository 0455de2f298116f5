/** Accounts as administrators see them: all of them, without passwords, as the steward. */
import type { Db } from '@quantum-hub/database';

export interface User {
  readonly id: string;
  readonly username: string;
  readonly email: string | null;
  readonly fullName: string | null;
  readonly roles: string[];
  readonly active: boolean;
  readonly verified: boolean;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  readonly lastLoginAt: Date | null;
  readonly anonymisedAt: Date | null;
}

const columns = `id, username, email, full_name as "fullName", roles, active, verified, created_at as "createdAt",
  updated_at as "updatedAt", last_login_at as "lastLoginAt", anonymised_at as "anonymisedAt"`;

export interface UserFilter {
  /** Beginning of the user name, without regard to case. */
  readonly username?: string;
  readonly role?: string;
  readonly active?: boolean;
}

/** Newest first. */
export async function listUsers(
  db: Db,
  filter: UserFilter,
  page: { readonly limit: number; readonly after?: string },
): Promise<User[]> {
  const { rows } = await db.query<User>(
    `select ${columns} from identity.users
      where ($1::text is null or starts_with(lower(username), lower($1))) and ($2::text is null or $2 = any(roles))
        and ($3::boolean is null or active = $3) and ($4::uuid is null or id < $4)
      order by id desc limit $5`,
    [filter.username ?? null, filter.role ?? null, filter.active ?? null, page.after ?? null, page.limit],
  );
  return rows;
}

export async function findUser(db: Db, id: string): Promise<User | undefined> {
  const { rows } = await db.query<User>(`select ${columns} from identity.users where id = $1`, [id]);
  return rows[0];
}

/** Kept from changing until the end of the transaction. */
export async function lockUser(db: Db, id: string): Promise<User | undefined> {
  const { rows } = await db.query<User>(`select ${columns} from identity.users where id = $1 for update`, [
    id,
  ]);
  return rows[0];
}

/**
 * The active administrators, all of them locked, oldest first: two who demote each other at the same time come one after
 * the other, and the second sees what the first did.
 */
export async function lockAdministrators(db: Db): Promise<{ id: string; username: string }[]> {
  const { rows } = await db.query<{ id: string; username: string }>(
    `select id, username from identity.users where 'administrator' = any(roles) and active order by id for update`,
  );
  return rows;
}

export async function updateUser(
  db: Db,
  id: string,
  changes: { readonly roles?: readonly string[]; readonly active?: boolean },
): Promise<User> {
  const { rows } = await db.query<User>(
    `update identity.users
        set roles = coalesce($2::text[], roles), active = coalesce($3::boolean, active),
            is_provider = 'provider' = any(coalesce($2::text[], roles))
      where id = $1 returning ${columns}`,
    [id, changes.roles ?? null, changes.active ?? null],
  );
  return rows[0] as User;
}
