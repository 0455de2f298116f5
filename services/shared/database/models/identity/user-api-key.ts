import { defineEntity, type InferEntity, p } from '@mikro-orm/core';
import { serviceRoles } from '../../provision/roles.ts';
import { base } from '../declaration/base.ts';
import { instant, integer, oneOf, setOf, sha256, text, uuid } from '../declaration/fields.ts';
import { actor, forced, policy, signInReads, stewardship, upkeep } from '../declaration/row-security.ts';
import { immutable } from '../declaration/rules.ts';
import { setsTimes } from '../declaration/triggers.ts';
import { User } from './user.ts';

export const keyStatuses = ['active', 'expired', 'revoked'] as const;

/** What a key may do: the part before the colon is the domain, after it the verb. */
export const apiKeyScopes = [
  'identity:read',
  'identity:write',
  'development:read',
  'development:write',
  'marketplace:read',
  'marketplace:write',
  'execution:read',
  'execution:write',
  'hub:operate',
] as const;

/** A key for programs. Shown once when made; only its prefix and its SHA-256 are kept. */
export const UserApiKey = defineEntity({
  name: 'UserApiKey',
  schema: 'identity',
  tableName: 'user_api_keys',
  comment: 'Keys for programs; the key itself is shown once and never stored.',
  properties: {
    ...base(),
    user: () => immutable(p.manyToOne(User).ref().index().deleteRule('cascade').comment('Whose key it is.')),
    name: text({ min: 1, max: 100 }).comment('What the user calls the key.'),
    prefix: immutable(
      text({ min: 8, max: 24, pattern: /^qh_[a-z]+_[0-9A-Za-z]+$/ }).comment(
        'The first characters of the key, to recognise it by.',
      ),
    ),
    keyHash: immutable(sha256().unique().hidden().comment('SHA-256 of the whole key.')),
    scopes: setOf(apiKeyScopes).defaultRaw(`'{}'`).comment('What the key may do.'),
    status: oneOf(keyStatuses).default('active').comment('Only an active key is accepted.'),
    rateLimitRequests: integer({ min: 1, max: 1_000_000 })
      .default(1000)
      .comment('Requests allowed within each window.'),
    rateLimitWindowSeconds: integer({ min: 1, max: 86_400 })
      .default(900)
      .comment('Length of the window in seconds.'),
    expiresAt: instant().nullable().comment('From when on the key is refused; null: never.'),
    lastUsedAt: instant().nullable().comment('When the key was last accepted; may lag by a minute.'),
    replacesId: immutable(
      uuid()
        .nullable()
        .comment('The key that this one was made to replace; a trail, which may lead nowhere.'),
    ),
  },
  ...forced,
  policies: [
    policy('user_api_keys_own', [serviceRoles.identity], 'all', `user_id = ${actor}`),
    signInReads('user_api_keys'),
    stewardship('user_api_keys'),
    ...upkeep('user_api_keys'),
  ],
  triggers: [setsTimes('identity.user_api_keys')],
});
export type UserApiKey = InferEntity<typeof UserApiKey>;
