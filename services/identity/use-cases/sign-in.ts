import { getDb } from '@quantum-hub/database';
import { hubError } from '@quantum-hub/kernel';
import { type Account, findAccount, recordLogin, setPasswordHash } from '../queries/accounts.ts';
import { insertAuditEvent } from '../queries/audit.ts';
import { findSignIn, type SignIn } from '../queries/credentials.ts';
import { revokeSession } from '../queries/sessions.ts';
import { asUser, type Caller, eventOf, type IdentityParts } from './context.ts';
import { type OpenedSession, openSession } from './open-session.ts';

export interface SignedInSession extends OpenedSession {
  readonly account: Account;
}

/**
 * Opens a session for a user name, or a confirmed address, and its password. Whether there is such an account is told
 * neither by the answer nor by its time: a password is checked in any case, and one event is written. Tries are counted by
 * what was typed, and told; and by the account, whose name and address have one count: too many there are refused as a wrong
 * password is, since being told would show whose address it is.
 */
export async function signIn(
  parts: IdentityParts,
  caller: Caller,
  input: { readonly account: string; readonly password: string },
): Promise<SignedInSession> {
  const { account, password } = input;
  const { address } = caller;
  await parts.limiter.take('sign-in', { account, address });
  const found = await getDb((db) => findSignIn(db, account), { as: 'identity', readOnly: true });
  // A name that nobody has is counted a second time too, apart from its first: the same work as for one that somebody has.
  // Apart from what a signed-in person is asked again for too: who uses one name is told by its own count before this one is used up.
  const user = found ? `whoever signs in as ${found.id}` : `nobody, who is called ${account}`;
  const free = await parts.limiter.takeQuietly('sign-in', { user, address });
  const right = await parts.passwords.verify(found?.passwordHash, password);
  if (!right || !free || !found?.active) throw await refused(caller, found);
  const rehashed = await rehash(parts, found, password);
  const session = await getDb(async (db) => {
    if (rehashed !== undefined) await setPasswordHash(db, found.id, rehashed);
    await recordLogin(db, found.id);
    const opened = await openSession(db, caller, found.id);
    const event = eventOf(caller, {
      action: 'session.created',
      outcome: 'success',
      userId: found.id,
      target: opened.id,
    });
    await insertAuditEvent(db, event);
    const shown = await findAccount(db, found.id);
    if (!shown) throw hubError('identity.sign_in_refused');
    return { ...opened, account: shown };
  }, asUser(found.id));
  await endFormer(caller);
  return session;
}

/** The session with which somebody signs in again is over: the new one takes its place. */
async function endFormer(caller: Caller): Promise<void> {
  const { actor } = caller;
  if (actor?.via !== 'session') return;
  const { userId, credentialId: target } = actor;
  await getDb(async (db) => {
    if (!(await revokeSession(db, userId, target))) return;
    const event = { action: 'session.revoked', outcome: 'success', userId, target } as const;
    await insertAuditEvent(db, eventOf(caller, event));
  }, asUser(userId));
}

async function refused(caller: Caller, found: SignIn | undefined) {
  // What was typed as a name is not kept: people type passwords there.
  const event = eventOf(caller, { action: 'session.created', outcome: 'refused', userId: found?.id });
  await getDb((db) => insertAuditEvent(db, event), { as: 'identity', actor: found?.id });
  return hubError('identity.sign_in_refused');
}

/** Parameters of the hash grow with the years; whoever signs in gets those of today. */
async function rehash(parts: IdentityParts, found: SignIn, password: string): Promise<string | undefined> {
  const outdated = found.passwordHash !== null && parts.passwords.needsRehash(found.passwordHash);
  return outdated ? await parts.passwords.hash(password) : undefined;
}
