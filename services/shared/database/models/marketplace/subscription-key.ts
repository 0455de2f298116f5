import { defineEntity, type InferEntity, p } from '@mikro-orm/core';
import { serviceRoles } from '../../provision/roles.ts';
import { base } from '../declaration/base.ts';
import { count, instant, integer, oneOf, sha256, text } from '../declaration/fields.ts';
import { actor, forced, policy, signInReads, upkeep } from '../declaration/row-security.ts';
import { immutable } from '../declaration/rules.ts';
import { setsTimes } from '../declaration/triggers.ts';
import { keyStatuses } from '../identity/user-api-key.ts';
import { Subscription } from './subscription.ts';

export const subscriptionKeyTypes = ['live', 'test'] as const;

/** A key that runs one app under one subscription. Shown once when made; only prefix and SHA-256 are kept. */
export const SubscriptionKey = defineEntity({
  name: 'SubscriptionKey',
  schema: 'marketplace',
  tableName: 'subscription_keys',
  comment: 'Keys that run one app under one subscription; the key itself is never stored.',
  properties: {
    ...base(),
    subscription: () =>
      immutable(p.manyToOne(Subscription).ref().index().deleteRule('restrict').comment('What it may use.')),
    name: text({ min: 1, max: 100 }).comment('What the subscriber calls the key.'),
    prefix: immutable(
      text({ min: 8, max: 24, pattern: /^qh_[a-z]+_[0-9A-Za-z]+$/ }).comment(
        'The first characters of the key, to recognise it by.',
      ),
    ),
    keyHash: immutable(sha256().unique().hidden().comment('SHA-256 of the whole key.')),
    type: immutable(oneOf(subscriptionKeyTypes).default('live').comment('Whether its runs are charged.')),
    remainingUsage: count()
      .nullable()
      .comment('How many runs are left; null: as many as the subscription allows.'),
    rateLimitRequests: integer({ min: 1, max: 1_000_000 })
      .nullable()
      .comment('Requests a window; null: as the subscription.'),
    rateLimitWindowSeconds: integer({ min: 1, max: 86_400 })
      .nullable()
      .comment('Length of the window in seconds.'),
    status: oneOf(keyStatuses).default('active').comment('Only an active key is accepted.'),
    expiresAt: instant().nullable().comment('From when on the key is refused; null: never.'),
    lastUsedAt: instant().nullable().comment('When the key was last accepted; may lag by a minute.'),
  },
  checks: [
    {
      name: 'subscription_keys_rate_limit_check',
      expression: '(rate_limit_requests is null) = (rate_limit_window_seconds is null)',
    },
  ],
  ...forced,
  policies: [
    policy(
      'subscription_keys_own',
      [serviceRoles.marketplace],
      'all',
      `exists (select 1 from marketplace.subscriptions s where s.id = subscription_keys.subscription_id and s.user_id = ${actor})`,
    ),
    signInReads('subscription_keys'),
    ...upkeep('subscription_keys'),
  ],
  triggers: [setsTimes('marketplace.subscription_keys')],
});
export type SubscriptionKey = InferEntity<typeof SubscriptionKey>;
