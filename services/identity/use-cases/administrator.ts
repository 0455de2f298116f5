import { getDb } from '@quantum-hub/database';
import { Hidden, hubError, isHubError, newId } from '@quantum-hub/kernel';
import { apiKeyScopes, userRoles } from '../domain/scopes.ts';
import { insertUser } from '../queries/accounts.ts';
import { insertAuditEvent } from '../queries/audit.ts';
import { revokeKeys } from '../queries/keys.ts';
import { lockAdministrators } from '../queries/users.ts';
import { asUser } from './context.ts';
import { makeKey } from './keys.ts';

export interface AdministratorKey {
  readonly username: string;
  /** Shown now and never again. */
  readonly key: Hidden<string>;
}

/** What the host does has no caller: the log says so. */
const byHost = { outcome: 'success', details: { by: 'host' } } as const;

/**
 * Makes the first administrator, who has a key and no password, where there is none: at the first start of a hub. Of two
 * processes that start at once one makes it; the other gets nothing, as at every later start.
 */
export async function ensureAdministrator(): Promise<AdministratorKey | undefined> {
  const administrators = await getDb((db) => lockAdministrators(db), { as: 'steward' });
  if (administrators.length > 0) return undefined;
  try {
    return await makeAdministrator('admin');
  } catch (error) {
    if (isHubError(error, 'identity.username_taken')) return undefined;
    throw error;
  }
}

export interface KeyIssue {
  /** Whose key; the oldest active administrator's unless said, who is made where there is none. */
  readonly username?: string;
  /** Revokes all keys that this administrator has: for one that was lost to others. */
  readonly revokeOthers?: boolean;
}

/** A new key for an administrator whose key was lost: only whoever holds the host can ask. */
export async function issueAdministratorKey({
  username,
  revokeOthers = false,
}: KeyIssue = {}): Promise<AdministratorKey & { readonly revoked: number }> {
  const administrators = await getDb((db) => lockAdministrators(db), { as: 'steward' });
  const wanted = username?.toLowerCase();
  const chosen = administrators.find((one) => wanted === undefined || one.username.toLowerCase() === wanted);
  if (!chosen && username !== undefined) throw hubError('identity.administrator_not_found', { username });
  if (!chosen) return { ...(await makeAdministrator(`admin-${newId().slice(-6)}`)), revoked: 0 };
  return await getDb(async (db) => {
    const revoked = revokeOthers ? await revokeKeys(db, chosen.id) : 0;
    const { key, secret } = await makeKey(db, chosen.id, administratorKey);
    await insertAuditEvent(db, {
      ...byHost,
      action: 'key.created',
      userId: chosen.id,
      target: key.id,
      details: { ...byHost.details, revokedOthers: String(revoked) },
    });
    return { username: chosen.username, key: new Hidden(secret), revoked };
  }, asUser(chosen.id));
}

const administratorKey = { name: 'administrator', scopes: apiKeyScopes, expiresAt: null };

async function makeAdministrator(username: string): Promise<AdministratorKey> {
  const id = newId();
  return await getDb(async (db) => {
    await insertUser(db, { id, username, fullName: null, passwordHash: null, roles: userRoles });
    const { key, secret } = await makeKey(db, id, administratorKey);
    await insertAuditEvent(db, { ...byHost, action: 'account.created', userId: id });
    await insertAuditEvent(db, { ...byHost, action: 'key.created', userId: id, target: key.id });
    return { username, key: new Hidden(secret) };
  }, asUser(id));
}
