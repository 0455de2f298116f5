import { defineEntity, type InferEntity, p } from '@mikro-orm/core';
import { serviceRoles } from '../../provision/roles.ts';
import { base } from '../declaration/base.ts';
import { instant, integer, ipAddress, sha256, text } from '../declaration/fields.ts';
import { actor, forced, policy, signInReads, stewardship, upkeep } from '../declaration/row-security.ts';
import { immutable } from '../declaration/rules.ts';
import { setsTimes } from '../declaration/triggers.ts';
import { User } from './user.ts';

/** A sign-in from a browser. Only the SHA-256 of its token is kept. */
export const UserSession = defineEntity({
  name: 'UserSession',
  schema: 'identity',
  tableName: 'user_sessions',
  comment: 'Sign-ins that may still be valid.',
  properties: {
    ...base(),
    user: () => immutable(p.manyToOne(User).ref().index().deleteRule('cascade').comment('Who signed in.')),
    tokenHash: immutable(sha256().unique().hidden().comment('SHA-256 of the session token.')),
    issuedAt: immutable(instant().defaultRaw('now()').comment('When the session began.')),
    expiresAt: instant().comment('When it ends by itself.'),
    lastSeenAt: instant().defaultRaw('now()').comment('When it was last used; may lag by a minute.'),
    idleSeconds: immutable(
      integer({ min: 60, max: 31_536_000 })
        .default(604_800)
        .comment('How long it may go unused before it ends, in seconds.'),
    ),
    ipAddress: immutable(ipAddress().nullable().comment('Where it was opened from.')),
    userAgent: immutable(text({ max: 500 }).nullable().comment('What the browser called itself.')),
    revokedAt: instant().nullable().comment('When it was ended early; null: it was not.'),
  },
  checks: [{ name: 'user_sessions_period_check', expression: 'expires_at > issued_at' }],
  ...forced,
  policies: [
    policy('user_sessions_own', [serviceRoles.identity], 'all', `user_id = ${actor}`),
    signInReads('user_sessions'),
    stewardship('user_sessions'),
    ...upkeep('user_sessions'),
  ],
  triggers: [setsTimes('identity.user_sessions')],
});
export type UserSession = InferEntity<typeof UserSession>;
