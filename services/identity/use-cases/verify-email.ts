import { getDb } from '@quantum-hub/database';
import { hubError } from '@quantum-hub/kernel';
import { findAccount, setVerifiedEmail } from '../queries/accounts.ts';
import { insertAuditEvent } from '../queries/audit.ts';
import { findEmailToken } from '../queries/credentials.ts';
import { dropEmailToken, useEmailToken } from '../queries/email-tokens.ts';
import { checkPassword } from './check-password.ts';
import { asUser, type Caller, eventOf, type IdentityParts, type SignedIn } from './context.ts';
import { postNotice, postToken } from './post-mail.ts';
import { tokenHash } from './reset-password.ts';

/**
 * Mails a token to the address that the account claims, or to a new one, for which the password is asked: whoever has the
 * address has the account. The present address stays until the new one is shown.
 */
export async function requestVerification(
  parts: IdentityParts,
  caller: SignedIn,
  input: { readonly email?: string; readonly password?: string },
): Promise<void> {
  const { userId } = caller.actor;
  await parts.limiter.take('reset', { user: userId, address: caller.address });
  if (input.email !== undefined) {
    await checkPassword(parts, caller, input.password ?? '', 'email.verification_requested');
  }
  await getDb(async (db) => {
    const account = await findAccount(db, userId);
    if (!account) throw hubError('identity.user_not_found');
    const email = input.email ?? account.pendingEmail ?? account.email;
    if (email === null) throw hubError('identity.no_address');
    // Nothing would change, and the account would show one address as its own and as one to be confirmed. (Where another one
    // waits, naming the present one takes that back.)
    const confirmed = email.toLowerCase() === account.email?.toLowerCase();
    if (confirmed && account.pendingEmail === null)
      throw hubError('identity.address_confirmed', { email: account.email });
    await postToken(db, parts.sealer, 'verify_email', { userId, username: account.username, email });
    const event = eventOf(caller, { action: 'email.verification_requested', outcome: 'success', userId });
    await insertAuditEvent(db, event);
  }, asUser(userId));
  parts.onMail();
}

/**
 * The reader of the mail has the address: from now on it is the account's. Where another account has shown it before, that
 * is told, since only the owner of the mailbox can come here.
 */
export async function confirmEmail(parts: IdentityParts, caller: Caller, token: string): Promise<void> {
  const hash = tokenHash(token, 'verify');
  const userId = await getDb((db) => findEmailToken(db, hash, 'verify_email'), {
    as: 'identity',
    readOnly: true,
  });
  if (userId === undefined) throw hubError('identity.token_refused');
  await getDb(async (db) => {
    const account = await findAccount(db, userId);
    const email = await useEmailToken(db, hash, 'verify_email');
    if (!account || email === undefined) throw hubError('identity.token_refused');
    await setVerifiedEmail(db, userId, email);
    // A reset that was mailed to the former address must not open the account any more.
    await dropEmailToken(db, userId, 'reset_password', { exceptTo: email });
    await insertAuditEvent(db, eventOf(caller, { action: 'email.verified', outcome: 'success', userId }));
    if (account.email !== null && account.email !== email) {
      await postNotice(db, 'email_changed', { userId, ...account });
    }
  }, asUser(userId));
  parts.onMail();
}
