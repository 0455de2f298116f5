import { defineEntity, type InferEntity, p } from '@mikro-orm/core';
import { serviceRoles } from '../../provision/roles.ts';
import { base } from '../declaration/base.ts';
import { bytes, instant, json, oneOf, smallint, text } from '../declaration/fields.ts';
import { actor, forced, policy, stewardship, upkeep } from '../declaration/row-security.ts';
import { immutable } from '../declaration/rules.ts';
import * as shape from '../declaration/shapes.ts';
import { setsTimes } from '../declaration/triggers.ts';
import { emailPattern, User } from './user.ts';

export const mailTemplates = [
  'verify_email',
  'reset_password',
  'password_changed',
  'email_changed',
  'account_deleted',
] as const;

/** A mail to be sent: what it is made of, never its text. A token in it is sealed with a key that the database doesn't have. */
export const OutboxMail = defineEntity({
  name: 'OutboxMail',
  schema: 'identity',
  tableName: 'outbox_mails',
  comment: 'Mails that wait to be sent, and those that were sent of late.',
  properties: {
    ...base(),
    user: () => immutable(p.manyToOne(User).ref().index().deleteRule('restrict').comment('Who gets it.')),
    template: immutable(oneOf(mailTemplates).comment('Which mail it is.')),
    recipient: immutable(
      text({ min: 3, max: 254, pattern: emailPattern }).comment('The address that it goes to.'),
    ),
    parameters: immutable(
      json(shape.record(shape.string({ max: 1000 }), { max: 10 }), { maxBytes: 8192 })
        .defaultRaw(`'{}'`)
        .comment('What the template is filled with; nothing secret.'),
    ),
    sealedToken: bytes({ min: 29, max: 512 })
      .nullable()
      .hidden()
      .comment(
        'The token, AES-256-GCM: 12 bytes nonce, text, 16 bytes tag; null: none, or no longer needed.',
      ),
    sealKeyId: text({ max: 32 }).nullable().comment('Which key of the server it was sealed with.'),
    expiresAt: immutable(instant().nullable().comment('From when on sending it makes no sense.')),
    attempts: smallint().default(0).comment('How often sending was tried.'),
    nextAttemptAt: instant()
      .nullable()
      .defaultRaw('now()')
      .comment('When it is tried next; null: never, it was sent or given up.'),
    sentAt: instant().nullable().comment('When a mail server took it.'),
    lastError: text({ max: 500 }).nullable().comment('Why the last attempt failed.'),
  },
  indexes: [
    {
      name: 'outbox_mails_next_attempt_at_idx',
      expression:
        'create index "outbox_mails_next_attempt_at_idx" on "identity"."outbox_mails" ("next_attempt_at") where next_attempt_at is not null',
    },
  ],
  ...forced,
  policies: [
    policy('outbox_mails_own', [serviceRoles.identity], 'all', `user_id = ${actor}`),
    stewardship('outbox_mails'),
    ...upkeep('outbox_mails'),
  ],
  triggers: [setsTimes('identity.outbox_mails')],
});
export type OutboxMail = InferEntity<typeof OutboxMail>;
