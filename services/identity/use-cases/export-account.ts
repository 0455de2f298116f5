import { getDb } from '@quantum-hub/database';
import { hubError } from '@quantum-hub/kernel';
import { findAccount } from '../queries/accounts.ts';
import { type AuditEvent, insertAuditEvent, listAuditEvents } from '../queries/audit.ts';
import { type ApiKey, listKeys } from '../queries/keys.ts';
import { listOwnMails } from '../queries/outbox.ts';
import { findProfile } from '../queries/profiles.ts';
import { listAllSessions } from '../queries/sessions.ts';
import { asUser, eventOf, type IdentityParts, type SignedIn } from './context.ts';

const batch = 1000;

/** Everything that the hub keeps of the caller, as JSON; what other services keep comes from them. */
export async function exportAccount(parts: IdentityParts, caller: SignedIn, signal: AbortSignal) {
  const { userId } = caller.actor;
  const own = await getDb(
    async (db) => {
      const account = await findAccount(db, userId);
      if (!account) throw hubError('identity.user_not_found');
      await insertAuditEvent(db, eventOf(caller, { action: 'account.exported', outcome: 'success', userId }));
      return {
        account,
        profile: (await findProfile(db, userId)) ?? null,
        apiKeys: await all<ApiKey>((page) => listKeys(db, userId, page)),
        sessions: await listAllSessions(db, userId),
        mails: await listOwnMails(db, userId),
        auditEvents: await all<AuditEvent>((page) => listAuditEvents(db, { userId }, page)),
      };
    },
    { ...asUser(userId), isolation: 'repeatable read', signal },
  );
  const services: Record<string, unknown> = {};
  for (const participant of parts.participants) {
    services[participant.service] = await participant.exportAccount(userId, signal);
  }
  return { format: 'quantum-hub.account', version: 1, exportedAt: parts.clock(), identity: own, services };
}

/** All pages of a list, newest first. */
async function all<Row extends { id: string }>(
  read: (page: { limit: number; after?: string }) => Promise<Row[]>,
): Promise<Row[]> {
  const rows: Row[] = [];
  for (;;) {
    const page = await read({ limit: batch, after: rows.at(-1)?.id });
    rows.push(...page);
    if (page.length < batch) return rows;
  }
}
