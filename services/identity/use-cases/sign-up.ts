import { getDb } from '@quantum-hub/database';
import { hubError, newId } from '@quantum-hub/kernel';
import { passwordFault } from '../domain/password-rules.ts';
import { isReserved } from '../domain/user-names.ts';
import { insertUser } from '../queries/accounts.ts';
import { insertAuditEvent } from '../queries/audit.ts';
import { asUser, type Caller, eventOf, type IdentityParts } from './context.ts';
import { postToken } from './post-mail.ts';

export interface SignUp {
  readonly username: string;
  readonly password: string;
  /** Claimed, and theirs once a mail to it was answered. */
  readonly email: string;
  readonly fullName?: string;
}

/**
 * Makes an account. The address is not compared with any other account's, so that nothing about it can be told by text or
 * time: two may claim the same one, and it belongs to whoever answers the mail first (docs/adr/0007). User names are public,
 * so a taken one is told; it is hashed for all the same, before anything is known.
 */
export async function signUp(
  parts: IdentityParts,
  caller: Caller,
  input: SignUp,
): Promise<{ id: string; username: string }> {
  const { username, password, email, fullName } = input;
  await parts.limiter.take('sign-up', { account: email, address: caller.address });
  const reason = passwordFault(password, { username, email });
  if (reason !== undefined) throw hubError('identity.password_refused', { reason });
  if (isReserved(username)) throw hubError('identity.username_reserved', { username });
  const passwordHash = await parts.passwords.hash(password);
  const id = newId();
  await getDb(async (db) => {
    await insertUser(db, { id, username, fullName: fullName ?? null, passwordHash, roles: ['consumer'] });
    await postToken(db, parts.sealer, 'verify_email', { userId: id, username, email });
    await insertAuditEvent(
      db,
      eventOf(caller, { action: 'account.created', outcome: 'success', userId: id }),
    );
  }, asUser(id));
  parts.onMail();
  return { id, username };
}
