import { setTimeout as wait } from 'node:timers/promises';
import { getDb } from '@quantum-hub/database';
import { hubError, parseSecretKey } from '@quantum-hub/kernel';
import { findAccount, setPasswordHash } from '../queries/accounts.ts';
import { insertAuditEvent } from '../queries/audit.ts';
import { findEmailToken, findSignIn } from '../queries/credentials.ts';
import { dropEmailToken, useEmailToken } from '../queries/email-tokens.ts';
import { revokeKeys } from '../queries/keys.ts';
import { revokeSessions } from '../queries/sessions.ts';
import { newHash } from './change-password.ts';
import { asUser, type Caller, eventOf, type IdentityParts } from './context.ts';
import { postNotice, postToken } from './post-mail.ts';

/**
 * Mails a token to the account of this name or address, if there is one that is active. The answer is the same and comes
 * at the same time for all names: the work takes a few milliseconds, and nobody is answered before `resetFloorMs`.
 */
export async function requestReset(parts: IdentityParts, caller: Caller, nameOrEmail: string): Promise<void> {
  await parts.limiter.take('reset', { account: nameOrEmail, address: caller.address });
  const floor = wait(parts.resetFloorMs);
  try {
    const found = await getDb((db) => findSignIn(db, nameOrEmail), { as: 'identity', readOnly: true });
    const event = { action: 'password.reset_requested', userId: found?.id } as const;
    await getDb(
      async (db) => {
        const account = found?.active ? await findAccount(db, found.id) : undefined;
        // Who never showed an address can still have typed the right one: mail to it shows it as well.
        const email = account?.email ?? account?.pendingEmail;
        if (account && email) {
          await postToken(db, parts.sealer, 'reset_password', {
            userId: account.id,
            username: account.username,
            email,
          });
        }
        const outcome = email ? 'success' : 'refused';
        await insertAuditEvent(db, eventOf(caller, { ...event, outcome }));
      },
      { as: 'identity', actor: found?.id },
    );
    parts.onMail();
  } finally {
    await floor;
  }
}

/** Sets a new password with a token from a mail; all sessions and a change of address end, and keys too where that is asked for. */
export async function resetPassword(
  parts: IdentityParts,
  caller: Caller,
  input: { readonly token: string; readonly newPassword: string; readonly revokeKeys?: boolean },
): Promise<void> {
  const hash = tokenHash(input.token, 'reset');
  const userId = await getDb((db) => findEmailToken(db, hash, 'reset_password'), {
    as: 'identity',
    readOnly: true,
  });
  const account = userId && (await getDb((db) => findAccount(db, userId), asUser(userId)));
  if (!userId || !account) throw hubError('identity.token_refused');
  const passwordHash = await newHash(parts, input.newPassword, account);
  await getDb(async (db) => {
    // Only here is the token used: until now somebody else may have been quicker.
    const address = await useEmailToken(db, hash, 'reset_password');
    if (address === undefined) throw hubError('identity.token_refused');
    // An address that whoever knew the old password claimed: its mail would hand the account over in spite of the new one.
    await dropEmailToken(db, userId, 'verify_email', { exceptTo: address });
    await setPasswordHash(db, userId, passwordHash);
    await revokeSessions(db, userId);
    if (input.revokeKeys) await revokeKeys(db, userId);
    await insertAuditEvent(db, eventOf(caller, { action: 'password.reset', outcome: 'success', userId }));
    await postNotice(db, 'password_changed', { userId, ...account });
  }, asUser(userId));
  parts.onMail();
}

/** The hash of a mailed token of this kind; whatever else was sent is refused as an old one is. */
export function tokenHash(token: string, kind: 'verify' | 'reset'): Buffer {
  let parsed: ReturnType<typeof parseSecretKey> | undefined;
  try {
    parsed = parseSecretKey(token);
  } catch (cause) {
    throw hubError('identity.token_refused', {}, { cause });
  }
  if (parsed.kind !== kind) throw hubError('identity.token_refused');
  return parsed.hash;
}
