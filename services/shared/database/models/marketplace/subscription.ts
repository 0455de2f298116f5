import { defineEntity, type InferEntity, p } from '@mikro-orm/core';
import { serviceRoles, signInRole, workerRole } from '../../provision/roles.ts';
import { base } from '../declaration/base.ts';
import { amountMinor, currency, instant, integer, oneOf, text } from '../declaration/fields.ts';
import { actor, forced, policy, upkeep } from '../declaration/row-security.ts';
import { immutable } from '../declaration/rules.ts';
import { setsTimes } from '../declaration/triggers.ts';
import { QuantumApp } from '../development/quantum-app.ts';
import { Job } from '../execution/job.ts';
import { User } from '../identity/user.ts';
import { MarketplaceListing } from './marketplace-listing.ts';
import { SubscriptionKey } from './subscription-key.ts';

export const subscriptionTypes = ['free', 'basic', 'professional', 'enterprise', 'custom'] as const;
export const subscriptionStatuses = ['active', 'expired', 'cancelled', 'suspended'] as const;

/** A user's right to run an app for a period. */
export const Subscription = defineEntity({
  name: 'Subscription',
  schema: 'marketplace',
  tableName: 'subscriptions',
  comment: "Users' rights to run apps for a period.",
  properties: {
    ...base(),
    user: () => immutable(p.manyToOne(User).ref().index().deleteRule('restrict').comment('Who subscribes.')),
    app: () => immutable(p.manyToOne(QuantumApp).ref().deleteRule('restrict').comment('What may be run.')),
    listing: () =>
      immutable(
        p
          .manyToOne(MarketplaceListing)
          .ref()
          .nullable()
          .index()
          .deleteRule('restrict')
          .comment('The offer accepted; null: granted by the developer.'),
      ),
    type: oneOf(subscriptionTypes).default('free').comment('The plan.'),
    status: oneOf(subscriptionStatuses).default('active').comment('Only an active one gives the right.'),
    startsAt: instant().defaultRaw('now()').comment('First moment of the period.'),
    endsAt: instant().nullable().comment('First moment after the period; null: open end.'),
    serviceUri: text({ max: 2000 }).nullable().comment('Where the app is reached.'),
    rateMinor: amountMinor().defaultRaw('0').comment('Price of the period in minor units, as agreed.'),
    currency: currency().comment('ISO 4217 code of the rate.'),
    rateLimitRequests: integer({ min: 1, max: 1_000_000 })
      .default(1000)
      .comment('Requests allowed within each window.'),
    rateLimitWindowSeconds: integer({ min: 1, max: 86_400 })
      .default(900)
      .comment('Length of the window in seconds.'),
    keys: () => p.oneToMany(SubscriptionKey).mappedBy('subscription'),
    jobs: () => p.oneToMany(Job).mappedBy('subscription'),
  },
  checks: [{ name: 'subscriptions_period_check', expression: 'ends_at > starts_at' }],
  // Also the index that the policy of restricted apps asks: is this user an active subscriber of this app?
  indexes: [{ properties: ['app', 'user'] }],
  uniques: [
    {
      name: 'subscriptions_user_id_app_id_key',
      expression: `create unique index "subscriptions_user_id_app_id_key" on "marketplace"."subscriptions" ("user_id", "app_id") where status = 'active'`,
    },
  ],
  ...forced,
  policies: [
    policy('subscriptions_own', [serviceRoles.marketplace], 'select', `user_id = ${actor}`),
    policy('subscriptions_own_update', [serviceRoles.marketplace], 'update', `user_id = ${actor}`),
    // Nobody subscribes to what is not offered: a subscription opens a restricted app.
    policy(
      'subscriptions_own_insert',
      [serviceRoles.marketplace],
      'insert',
      `user_id = ${actor} and exists (select 1 from marketplace.marketplace_listings l
        where l.id = subscriptions.listing_id and l.app_id = subscriptions.app_id and l.status = 'active')`,
    ),
    policy(
      'subscriptions_own_elsewhere',
      [serviceRoles.development, serviceRoles.execution],
      'select',
      `user_id = ${actor}`,
    ),
    policy('subscriptions_sign_in', [signInRole], 'select', 'true'),
    policy('subscriptions_worker', [workerRole], 'select', 'true'),
    ...upkeep('subscriptions'),
  ],
  triggers: [setsTimes('marketplace.subscriptions')],
});
export type Subscription = InferEntity<typeof Subscription>;
