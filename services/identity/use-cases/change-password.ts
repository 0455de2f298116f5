import { getDb } from '@quantum-hub/database';
import { hubError } from '@quantum-hub/kernel';
import { passwordFault } from '../domain/password-rules.ts';
import { type Account, findAccount, setPasswordHash } from '../queries/accounts.ts';
import { insertAuditEvent } from '../queries/audit.ts';
import { dropEmailToken } from '../queries/email-tokens.ts';
import { revokeKeys } from '../queries/keys.ts';
import { revokeSessions } from '../queries/sessions.ts';
import { checkPassword } from './check-password.ts';
import { asUser, eventOf, type IdentityParts, type SignedIn } from './context.ts';
import { type OpenedSession, openSession } from './open-session.ts';
import { postNotice } from './post-mail.ts';

export interface PasswordChange {
  readonly currentPassword: string;
  readonly newPassword: string;
  /** Also revokes all API keys, for those who fear that somebody was in. */
  readonly revokeKeys?: boolean;
}

/** Sets a new password, ends all sessions and a change of address that waits, and opens a new session for the caller. */
export async function changePassword(
  parts: IdentityParts,
  caller: SignedIn,
  change: PasswordChange,
): Promise<OpenedSession> {
  const { userId } = caller.actor;
  await checkPassword(parts, caller, change.currentPassword, 'password.changed');
  const account = await getDb((db) => findAccount(db, userId), asUser(userId));
  if (!account) throw hubError('identity.user_not_found');
  const passwordHash = await newHash(parts, change.newPassword, account);
  const session = await getDb(async (db) => {
    await setPasswordHash(db, userId, passwordHash);
    await revokeSessions(db, userId);
    if (change.revokeKeys) await revokeKeys(db, userId);
    await dropEmailToken(db, userId, 'reset_password');
    // A change of address that waits may be that of whoever knew the old password. A first address is only claimed.
    if (account.email !== null) await dropEmailToken(db, userId, 'verify_email', { exceptTo: account.email });
    await insertAuditEvent(db, eventOf(caller, { action: 'password.changed', outcome: 'success', userId }));
    await postNotice(db, 'password_changed', { userId, ...account });
    return await openSession(db, caller, userId);
  }, asUser(userId));
  parts.onMail();
  return session;
}

/** Judges a new password for this account, and hashes it. */
export async function newHash(
  parts: IdentityParts,
  password: string,
  { username, email, pendingEmail }: Account,
): Promise<string> {
  const reason = passwordFault(password, { username, email: email ?? pendingEmail });
  if (reason !== undefined) throw hubError('identity.password_refused', { reason });
  return await parts.passwords.hash(password);
}
