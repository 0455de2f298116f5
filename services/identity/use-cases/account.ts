import { getDb } from '@quantum-hub/database';
import { hubError } from '@quantum-hub/kernel';
import { isReserved } from '../domain/user-names.ts';
import { type Account, anonymise, findAccount, lockAccount, updateAccount } from '../queries/accounts.ts';
import { insertAuditEvent } from '../queries/audit.ts';
import { findProfile, type Profile, putProfile } from '../queries/profiles.ts';
import { checkPassword } from './check-password.ts';
import { asUser, eventOf, type IdentityParts, type SignedIn } from './context.ts';
import { postNotice } from './post-mail.ts';

export async function showAccount({ actor }: SignedIn): Promise<Account> {
  const scope = { ...asUser(actor.userId), readOnly: true, single: true };
  return found(await getDb((db) => findAccount(db, actor.userId), scope));
}

export async function changeAccount(
  caller: SignedIn,
  changes: { readonly username?: string; readonly fullName?: string | null },
  precondition: (account: Account) => void,
): Promise<Account> {
  const { userId } = caller.actor;
  const { username } = changes;
  return await getDb(async (db) => {
    const account = found(await lockAccount(db, userId));
    precondition(account);
    if (username !== undefined && username !== account.username && isReserved(username)) {
      throw hubError('identity.username_reserved', { username });
    }
    await updateAccount(db, userId, changes);
    const details: Record<string, string> =
      username !== undefined && username !== account.username ? { formerUsername: account.username } : {};
    await insertAuditEvent(
      db,
      eventOf(caller, { action: 'account.changed', outcome: 'success', userId, details }),
    );
    return found(await findAccount(db, userId));
  }, asUser(userId));
}

const emptyProfile: Profile = {
  organization: null,
  bio: null,
  avatarUrl: null,
  contactInfo: {},
  socialLinks: {},
};

export async function showProfile({ actor }: SignedIn): Promise<Profile> {
  return (await getDb((db) => findProfile(db, actor.userId), asUser(actor.userId))) ?? emptyProfile;
}

export async function replaceProfile({ actor }: SignedIn, profile: Profile): Promise<Profile> {
  return await getDb((db) => putProfile(db, actor.userId, profile), asUser(actor.userId));
}

/**
 * Ends an account for good: name, address, password, profile, keys, sessions and mails go at once; the row stays without
 * the person, for the jobs and the money that hang on it. Other services end first what must not go on.
 */
export async function deleteAccount(parts: IdentityParts, caller: SignedIn, password: string): Promise<void> {
  const { userId, roles } = caller.actor;
  await checkPassword(parts, caller, password, 'account.deleted');
  if (roles.includes('administrator')) throw hubError('identity.administrator_stays');
  for (const participant of parts.participants) await participant.beforeDeletion?.(userId);
  await getDb(async (db) => {
    const account = found(await lockAccount(db, userId));
    if (!(await anonymise(db, userId))) throw hubError('identity.administrator_stays');
    // After what was in the outbox has gone: the last mail to an address that we no longer know.
    await postNotice(db, 'account_deleted', { userId, ...account });
    await insertAuditEvent(db, eventOf(caller, { action: 'account.deleted', outcome: 'success', userId }));
  }, asUser(userId));
  parts.onMail();
  await clear(parts, userId);
}

/** The account is gone whatever happens here; what fails is done again by `clearDeletedAccounts`. */
async function clear(
  { participants, log }: Pick<IdentityParts, 'participants' | 'log'>,
  userId: string,
): Promise<void> {
  for (const participant of participants) {
    try {
      await participant.afterDeletion?.(userId);
    } catch (error) {
      log(`${participant.service} could not clear a deleted account; it is tried again at night`, error);
    }
  }
}

function found(account: Account | undefined): Account {
  if (!account) throw hubError('identity.user_not_found');
  return account;
}
