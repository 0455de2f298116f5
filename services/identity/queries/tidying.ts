/** What upkeep removes, as the steward; each in batches, so that no lock is held for long. */
import type { Db } from '@quantum-hub/database';
import { uuidv7Floor } from '@quantum-hub/kernel';

/** Rows at a time. */
const batch = 1000;

export interface Tidied {
  readonly sessions: number;
  readonly mails: number;
  readonly auditEvents: number;
  readonly tokens: number;
}

export async function listDeletedAccounts(db: Db, since: Date): Promise<string[]> {
  const { rows } = await db.query<{ id: string }>(
    'select id from identity.users where anonymised_at >= $1 order by anonymised_at',
    [since],
  );
  return rows.map(({ id }) => id);
}

/** Sessions that ended before the given moment. */
export async function deleteEndedSessions(db: Db, endedBefore: Date): Promise<number> {
  const { rowCount } = await db.query(
    `delete from identity.user_sessions where id in (
       select id from identity.user_sessions where least(revoked_at, expires_at) < $1 limit ${batch})`,
    [endedBefore],
  );
  return rowCount;
}

/** Mails made before the given moment, sent or not: the id tells the time. */
export async function deleteMails(db: Db, madeBefore: Date): Promise<number> {
  const { rowCount } = await db.query(
    `delete from identity.outbox_mails where id in (
       select id from identity.outbox_mails where id < $1 order by id limit ${batch})`,
    [uuidv7Floor(madeBefore)],
  );
  return rowCount;
}

/** Tokens in mails that nobody sent in time: they open nothing any more, and go. */
export async function wipeExpiredTokens(db: Db): Promise<number> {
  const { rowCount } = await db.query(
    `update identity.outbox_mails set sealed_token = null, next_attempt_at = null
      where id in (select id from identity.outbox_mails
                    where sealed_token is not null and expires_at <= now() limit ${batch})`,
  );
  return rowCount;
}

/** Events older than their retention; the policy of the table lets no younger one go. */
export async function deleteAuditEvents(db: Db, madeBefore: Date): Promise<number> {
  const { rowCount } = await db.query(
    `delete from identity.audit_events where id in (
       select id from identity.audit_events where id < $1 order by id limit ${batch})`,
    [uuidv7Floor(madeBefore)],
  );
  return rowCount;
}
