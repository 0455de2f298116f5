import { getDb } from '@quantum-hub/database';
import { hubError, type Page, type PageRequest, pageOf } from '@quantum-hub/kernel';
import { insertAuditEvent } from '../queries/audit.ts';
import { listSessions, revokeSession, type Session } from '../queries/sessions.ts';
import { asUser, eventOf, type SignedIn } from './context.ts';

/** The caller's sessions that are still good; `current` is the one that asks. */
export async function listOwnSessions(
  { actor }: SignedIn,
  page: PageRequest,
): Promise<Page<Session & { current: boolean }>> {
  const rows = await getDb(
    (db) => listSessions(db, actor.userId, { ...page, limit: page.limit + 1 }),
    asUser(actor.userId),
  );
  return pageOf(
    rows.map((session) => ({ ...session, current: session.id === actor.credentialId })),
    page.limit,
  );
}

/** Ends one of the caller's sessions at once. */
export async function endSession(caller: SignedIn, id: string): Promise<void> {
  const { userId } = caller.actor;
  await getDb(async (db) => {
    if (!(await revokeSession(db, userId, id))) throw hubError('identity.session_not_found', { session: id });
    const event = eventOf(caller, { action: 'session.revoked', outcome: 'success', userId, target: id });
    await insertAuditEvent(db, event);
  }, asUser(userId));
}
