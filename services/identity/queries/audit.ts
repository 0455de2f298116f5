import type { Db } from '@quantum-hub/database';
import { newId } from '@quantum-hub/kernel';
import type { AuditAction } from '../domain/audit-actions.ts';

export interface NewAuditEvent {
  readonly action: AuditAction;
  readonly outcome: 'success' | 'refused';
  /** Whose account it is about; nobody's, where there is no such account. */
  readonly userId?: string;
  /** Who did it, if anybody was signed in, and with what. */
  readonly actorId?: string;
  readonly credentialId?: string;
  readonly target?: string;
  readonly ipAddress?: string;
  readonly userAgent?: string;
  readonly requestId?: string;
  readonly details?: Readonly<Record<string, string>>;
}

export interface AuditEvent {
  readonly id: string;
  readonly occurredAt: Date;
  readonly action: string;
  readonly outcome: string;
  readonly userId: string | null;
  readonly actorId: string | null;
  readonly credentialId: string | null;
  readonly target: string | null;
  readonly ipAddress: string | null;
  readonly userAgent: string | null;
  readonly requestId: string | null;
  readonly details: Readonly<Record<string, string>>;
}

export async function insertAuditEvent(db: Db, event: NewAuditEvent): Promise<void> {
  const {
    action,
    outcome,
    userId,
    actorId,
    credentialId,
    target,
    ipAddress,
    userAgent,
    requestId,
    details = {},
  } = event;
  await db.query(
    `insert into identity.audit_events (id, action, outcome, user_id, actor_id, credential_id, target, ip_address, user_agent, request_id, details)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
    [
      newId(),
      action,
      outcome,
      userId,
      actorId,
      credentialId,
      target,
      ipAddress,
      userAgent?.slice(0, 500),
      requestId,
      details,
    ],
  );
}

export interface AuditFilter {
  readonly userId?: string;
  readonly action?: string;
  readonly outcome?: string;
}

/** Newest first. As the steward everybody's events, as identity the actor's own. */
export async function listAuditEvents(
  db: Db,
  filter: AuditFilter,
  page: { readonly limit: number; readonly after?: string },
): Promise<AuditEvent[]> {
  const { rows } = await db.query<AuditEvent>(
    `select id, created_at as "occurredAt", action, outcome, user_id as "userId", actor_id as "actorId",
            credential_id as "credentialId", target, host(ip_address) as "ipAddress", user_agent as "userAgent",
            request_id as "requestId", details
       from identity.audit_events
      where ($1::uuid is null or user_id = $1) and ($2::text is null or action = $2)
        and ($3::text is null or outcome = $3) and ($4::uuid is null or id < $4)
      order by id desc limit $5`,
    [filter.userId ?? null, filter.action ?? null, filter.outcome ?? null, page.after ?? null, page.limit],
  );
  return rows;
}
