import { defineEntity, type InferEntity, p } from '@mikro-orm/core';
import { serviceRoles } from '../../provision/roles.ts';
import { base } from '../declaration/base.ts';
import { amountMinor, count, currency, json, oneOf, text } from '../declaration/fields.ts';
import { actor, forced, policy, upkeep } from '../declaration/row-security.ts';
import { immutable } from '../declaration/rules.ts';
import * as shape from '../declaration/shapes.ts';
import { setsTimes } from '../declaration/triggers.ts';
import { QuantumApp } from '../development/quantum-app.ts';
import { User } from '../identity/user.ts';
import { Subscription } from './subscription.ts';

export const listingStatuses = ['pending', 'active', 'suspended', 'delisted'] as const;

const preview = shape.object({
  optional: {
    summary: shape.string({ max: 500 }),
    images: shape.array(shape.string({ max: 2000 }), { max: 20 }),
    videoUrl: shape.string({ max: 2000 }),
    demoUrl: shape.string({ max: 2000 }),
  },
});
const support = shape.object({
  optional: {
    email: shape.string({ max: 254 }),
    url: shape.string({ max: 2000 }),
    hours: shape.string({ max: 200 }),
    responseHours: shape.integer({ min: 0, max: 8760 }),
  },
});

/** An offer of an app on the marketplace. */
export const MarketplaceListing = defineEntity({
  name: 'MarketplaceListing',
  schema: 'marketplace',
  tableName: 'marketplace_listings',
  comment: 'Offers of apps on the marketplace.',
  properties: {
    ...base(),
    app: () =>
      immutable(p.manyToOne(QuantumApp).ref().index().deleteRule('restrict').comment('What is offered.')),
    lister: () => immutable(p.manyToOne(User).ref().index().deleteRule('restrict').comment('Who offers it.')),
    title: text({ min: 1, max: 200 }).comment('Headline of the offer.'),
    status: oneOf(listingStatuses).default('pending').comment('Whether it can be subscribed to.'),
    priceMinor: amountMinor().defaultRaw('0').comment('Price of a period in minor units of the currency.'),
    currency: currency().comment('ISO 4217 code of the price.'),
    ratingSum: count().default(0).comment('Sum of all ratings; the mean is sum / count.'),
    ratingCount: count().default(0).comment('How many ratings were given.'),
    preview: json(preview, { maxBytes: 65_536 })
      .defaultRaw(`'{}'`)
      .comment('What is shown before subscribing.'),
    support: json(support, { maxBytes: 8192 }).defaultRaw(`'{}'`).comment('How subscribers get help.'),
    subscriptions: () => p.oneToMany(Subscription).mappedBy('listing'),
  },
  checks: [
    {
      name: 'marketplace_listings_rating_check',
      expression: 'rating_sum between rating_count and rating_count * 5',
    },
  ],
  indexes: [
    {
      name: 'marketplace_listings_active_idx',
      expression: `create index "marketplace_listings_active_idx" on "marketplace"."marketplace_listings" ("id" desc) where status = 'active'`,
    },
  ],
  uniques: [
    {
      // One open offer an app and lister; a delisted one may be followed by another.
      name: 'marketplace_listings_app_id_lister_id_key',
      expression: `create unique index "marketplace_listings_app_id_lister_id_key" on "marketplace"."marketplace_listings" ("app_id", "lister_id") where status <> 'delisted'`,
    },
  ],
  ...forced,
  policies: [
    policy('marketplace_listings_own', [serviceRoles.marketplace], 'all', `lister_id = ${actor}`),
    policy(
      'marketplace_listings_visible',
      [serviceRoles.marketplace],
      'select',
      `${actor} is not null and status = 'active'`,
    ),
    ...upkeep('marketplace_listings'),
  ],
  triggers: [setsTimes('marketplace.marketplace_listings')],
});
export type MarketplaceListing = InferEntity<typeof MarketplaceListing>;
