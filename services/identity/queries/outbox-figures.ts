import type { Db } from '@quantum-hub/database';

export interface OutboxFigures {
  /** Mails that are still to be sent and have not expired. */
  readonly waiting: number;
  /** Of these, those that a mail server refused, or that found none. */
  readonly failing: number;
}

export async function readOutboxFigures(db: Db): Promise<OutboxFigures> {
  const { rows } = await db.query<OutboxFigures>(
    `select count(*)::int as waiting, count(*) filter (where last_error is not null)::int as failing
       from identity.outbox_mails where sent_at is null and (expires_at is null or expires_at > now())`,
  );
  return rows[0] as OutboxFigures;
}
