import { type Db, getDb } from '@quantum-hub/database';
import { auditRetentionDays } from '@quantum-hub/database/models';
import type { Clock } from '@quantum-hub/kernel';
import { kept } from '../domain/lifetimes.ts';
import {
  deleteAuditEvents,
  deleteEndedSessions,
  deleteMails,
  type Tidied,
  wipeExpiredTokens,
} from '../queries/tidying.ts';

/** Removes what was kept long enough, in small units of work; several processes may do it at once. */
export async function tidy(clock: Clock, signal?: AbortSignal): Promise<Tidied> {
  const before = (seconds: number) => new Date(clock().getTime() - seconds * 1000);
  const repeat = async (step: (db: Db) => Promise<number>) => {
    let total = 0;
    for (;;) {
      const count = await getDb(step, { as: 'steward', signal });
      total += count;
      if (count === 0) return total;
    }
  };
  return {
    tokens: await repeat(wipeExpiredTokens),
    sessions: await repeat((db) => deleteEndedSessions(db, before(kept.endedSessionsSeconds))),
    mails: await repeat((db) => deleteMails(db, before(kept.mailsSeconds))),
    // A second more than the policy of the table asks for, whose clock is the database's.
    auditEvents: await repeat((db) => deleteAuditEvents(db, before(auditRetentionDays * 86_400 + 1))),
  };
}
