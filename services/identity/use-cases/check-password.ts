import { getDb } from '@quantum-hub/database';
import { hubError } from '@quantum-hub/kernel';
import { findPasswordHash } from '../queries/accounts.ts';
import { insertAuditEvent, type NewAuditEvent } from '../queries/audit.ts';
import { asUser, eventOf, type IdentityParts, type SignedIn } from './context.ts';

/**
 * Asks for the password once more before something that can't be taken back: a session left open is not enough. Limited
 * as sign-ins are, by a count of its own.
 */
export async function checkPassword(
  parts: IdentityParts,
  caller: SignedIn,
  password: string,
  action: NewAuditEvent['action'],
): Promise<void> {
  const { userId } = caller.actor;
  await parts.limiter.take('sign-in', { user: userId, address: caller.address });
  const hash = await getDb((db) => findPasswordHash(db, userId), asUser(userId));
  if (await parts.passwords.verify(hash, password)) return;
  await getDb(
    (db) => insertAuditEvent(db, eventOf(caller, { action, outcome: 'refused', userId })),
    asUser(userId),
  );
  throw hubError('identity.password_wrong');
}
