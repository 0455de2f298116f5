import { defineEntity, type InferEntity, p } from '@mikro-orm/core';
import { serviceRoles, stewardRole } from '../../provision/roles.ts';
import { base } from '../declaration/base.ts';
import { ipAddress, json, oneOf, text, uuid } from '../declaration/fields.ts';
import { actor, forced, policy, upkeep } from '../declaration/row-security.ts';
import { immutable } from '../declaration/rules.ts';
import * as shape from '../declaration/shapes.ts';
import { setsTimes } from '../declaration/triggers.ts';
import { User } from './user.ts';

export const auditActions = [
  'account.created',
  'account.changed',
  'account.exported',
  'account.deleted',
  'account.activated',
  'account.deactivated',
  'roles.changed',
  'session.created',
  'session.revoked',
  'password.changed',
  'password.reset_requested',
  'password.reset',
  'email.verification_requested',
  'email.verified',
  'key.created',
  'key.changed',
  'key.rotated',
  'key.revoked',
  'mail.shown',
] as const;
export const auditOutcomes = ['success', 'refused'] as const;

/** How long an event stays, in days; upkeep can delete no younger one, by policy. */
export const auditRetentionDays = 400;

/** What was done to an account, by whom, from where. Services add rows and change none: they lack the right to. */
export const AuditEvent = defineEntity({
  name: 'AuditEvent',
  schema: 'identity',
  tableName: 'audit_events',
  comment: `What was done to accounts; only ever added to, and kept for ${auditRetentionDays} days.`,
  properties: {
    ...base(),
    user: () =>
      immutable(
        p
          .manyToOne(User)
          .ref()
          .nullable()
          .deleteRule('restrict')
          .comment('Whose account it is about; null: of no account that exists.'),
      ),
    actorId: immutable(
      uuid().nullable().comment('Who did it; null: nobody who was signed in, or the host itself.'),
    ),
    credentialId: immutable(uuid().nullable().comment('The session or key that it was done with.')),
    action: immutable(oneOf(auditActions).comment('What was done.')),
    outcome: immutable(oneOf(auditOutcomes).comment('Whether it was done or refused.')),
    target: immutable(
      text({ max: 200 }).nullable().comment('What it was done to: the id of a key or session.'),
    ),
    ipAddress: immutable(ipAddress().nullable().comment('Where it was asked for.')),
    userAgent: immutable(text({ max: 500 }).nullable().comment('What the client called itself.')),
    requestId: immutable(
      text({ max: 200 })
        .nullable()
        .comment('The request, as the log of the server names it; null: the host itself.'),
    ),
    details: immutable(
      json(shape.record(shape.string({ max: 200 }), { max: 10 }), { maxBytes: 4096 })
        .defaultRaw(`'{}'`)
        .comment('More facts, never a secret.'),
    ),
  },
  indexes: [{ properties: ['user', 'id'] }],
  ...forced,
  policies: [
    policy('audit_events_own', [serviceRoles.identity], 'select', `user_id = ${actor}`),
    // A sign-in under a name that nobody has belongs to nobody.
    policy('audit_events_add', [serviceRoles.identity], 'insert', `user_id is null or user_id = ${actor}`),
    policy('audit_events_steward_select', [stewardRole], 'select', 'true'),
    policy('audit_events_steward_add', [stewardRole], 'insert', 'true'),
    policy(
      'audit_events_steward_delete',
      [stewardRole],
      'delete',
      `created_at < now() - interval '${auditRetentionDays} days'`,
    ),
    ...upkeep('audit_events'),
  ],
  triggers: [setsTimes('identity.audit_events')],
});
export type AuditEvent = InferEntity<typeof AuditEvent>;
