import { defineEntity, type InferEntity, p } from '@mikro-orm/core';
import { serviceRoles, stewardRole } from '../../provision/roles.ts';
import { base } from '../declaration/base.ts';
import { instant, oneOf, sha256, text } from '../declaration/fields.ts';
import { actor, forced, policy, signInReads, upkeep } from '../declaration/row-security.ts';
import { immutable } from '../declaration/rules.ts';
import { setsTimes } from '../declaration/triggers.ts';
import { emailPattern, User } from './user.ts';

export const emailTokenPurposes = ['verify_email', 'reset_password'] as const;

/** What a mail proves: that its reader has the mailbox. One row a user and purpose, so that the newest token is the only one. */
export const EmailToken = defineEntity({
  name: 'EmailToken',
  schema: 'identity',
  tableName: 'email_tokens',
  comment: 'The newest token that was mailed to a user for each purpose; only its SHA-256 is kept.',
  properties: {
    ...base(),
    user: () => immutable(p.manyToOne(User).ref().deleteRule('restrict').comment('Whose account it is for.')),
    purpose: immutable(oneOf(emailTokenPurposes).comment('The one thing that it is good for.')),
    email: text({ min: 3, max: 254, pattern: emailPattern }).comment(
      'Where it was sent; of a verification, the address that is claimed.',
    ),
    tokenHash: sha256().unique().hidden().comment('SHA-256 of the token.'),
    expiresAt: instant().comment('From when on it is refused.'),
    usedAt: instant().nullable().comment('When it was used, which it can be once; null: not yet.'),
  },
  uniques: [{ properties: ['user', 'purpose'] }],
  ...forced,
  policies: [
    policy('email_tokens_own', [serviceRoles.identity], 'all', `user_id = ${actor}`),
    signInReads('email_tokens'),
    // Whose rights an administrator changes loses a reset that was mailed before; other tokens are not the steward's.
    policy('email_tokens_steward_select', [stewardRole], 'select', `purpose = 'reset_password'`),
    policy('email_tokens_steward_delete', [stewardRole], 'delete', `purpose = 'reset_password'`),
    ...upkeep('email_tokens'),
  ],
  triggers: [setsTimes('identity.email_tokens')],
});
export type EmailToken = InferEntity<typeof EmailToken>;
