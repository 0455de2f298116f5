/** The outbox: identity puts mails in for its user, the steward sends and shows them. */
import type { Db } from '@quantum-hub/database';
import type { MailTemplate } from '../domain/mail-texts.ts';

export interface NewMail {
  readonly id: string;
  readonly userId: string;
  readonly template: MailTemplate;
  readonly recipient: string;
  readonly parameters: Readonly<Record<string, string>>;
  readonly sealedToken?: Buffer;
  readonly sealKeyId?: string;
  readonly expiresAt?: Date;
}

export interface OutboxMail {
  readonly id: string;
  readonly userId: string;
  readonly template: MailTemplate;
  readonly recipient: string;
  readonly parameters: Readonly<Record<string, string>>;
  readonly sealedToken: Buffer | null;
  readonly sealKeyId: string | null;
  readonly expiresAt: Date | null;
  readonly attempts: number;
  readonly nextAttemptAt: Date | null;
  readonly sentAt: Date | null;
  readonly lastError: string | null;
  readonly createdAt: Date;
}

const columns = `m.id, m.user_id as "userId", m.template, m.recipient, m.parameters, m.sealed_token as "sealedToken",
  m.seal_key_id as "sealKeyId", m.expires_at as "expiresAt", m.attempts, m.next_attempt_at as "nextAttemptAt",
  m.sent_at as "sentAt", m.last_error as "lastError", m.created_at as "createdAt"`;

export async function insertMail(db: Db, mail: NewMail): Promise<void> {
  const { id, userId, template, recipient, parameters, sealedToken, sealKeyId, expiresAt } = mail;
  await db.query(
    `insert into identity.outbox_mails (id, user_id, template, recipient, parameters, sealed_token, seal_key_id, expires_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8)`,
    [id, userId, template, recipient, parameters, sealedToken ?? null, sealKeyId ?? null, expiresAt ?? null],
  );
}

/**
 * Takes mails that are due and moves each to its next attempt at once: no transaction stays open while a mail server is
 * spoken to, and after a crash the mail is tried again. So a mail may be sent twice, and is never lost.
 */
export async function claimDueMails(db: Db, limit: number, delaySeconds: number): Promise<OutboxMail[]> {
  const { rows } = await db.query<OutboxMail>(
    `with due as (
       select id from identity.outbox_mails
        where next_attempt_at <= now() and (expires_at is null or expires_at > now())
        order by next_attempt_at limit $1 for update skip locked)
     update identity.outbox_mails m
        set attempts = m.attempts + 1, next_attempt_at = now() + make_interval(secs => $2)
       from due where m.id = due.id returning ${columns}`,
    [limit, delaySeconds],
  );
  return rows;
}

/** A mail server took it; its token is not needed any more, nor is the address of an account that was deleted. */
export async function markSent(db: Db, id: string): Promise<void> {
  const { rowCount } = await db.query(
    `delete from identity.outbox_mails where id = $1 and template = 'account_deleted'`,
    [id],
  );
  if (rowCount > 0) return;
  await db.query(
    `update identity.outbox_mails set sent_at = now(), next_attempt_at = null, sealed_token = null, last_error = null
      where id = $1`,
    [id],
  );
}

/** It was not sent; null: and is not tried again. */
export async function markFailed(
  db: Db,
  id: string,
  { error, retryInSeconds }: { readonly error: string; readonly retryInSeconds: number | null },
): Promise<void> {
  await db.query(
    `update identity.outbox_mails
        set last_error = left($2, 500), next_attempt_at = now() + make_interval(secs => $3::double precision)
      where id = $1`,
    [id, error, retryInSeconds],
  );
}

/** When the next one is due, in seconds from now; undefined when none waits. */
export async function secondsToNextMail(db: Db): Promise<number | undefined> {
  const { rows } = await db.query<{ seconds: number | null }>(
    `select extract(epoch from min(next_attempt_at) - now())::double precision as seconds
       from identity.outbox_mails where next_attempt_at is not null and (expires_at is null or expires_at > now())`,
  );
  return rows[0]?.seconds ?? undefined;
}

export interface ListedMail extends OutboxMail {
  readonly username: string;
  readonly toAdministrator: boolean;
}

/** Newest first. */
export async function listMails(
  db: Db,
  filter: { readonly unsent: boolean },
  page: { readonly limit: number; readonly after?: string },
): Promise<ListedMail[]> {
  const { rows } = await db.query<ListedMail>(
    `select ${columns}, u.username, 'administrator' = any(u.roles) as "toAdministrator"
       from identity.outbox_mails m join identity.users u on u.id = m.user_id
      where ($1 = false or m.sent_at is null) and ($2::uuid is null or m.id < $2) order by m.id desc limit $3`,
    [filter.unsent, page.after ?? null, page.limit],
  );
  return rows;
}

/** A user's own, without what is sealed: for the export of one's account. */
export async function listOwnMails(db: Db, userId: string): Promise<Record<string, unknown>[]> {
  const { rows } = await db.query(
    `select id, template, recipient, parameters, created_at as "createdAt", sent_at as "sentAt"
       from identity.outbox_mails where user_id = $1 order by id`,
    [userId],
  );
  return rows;
}
