import { defineEntity, type InferEntity, p } from '@mikro-orm/core';
import { serviceRoles, workerRole } from '../../provision/roles.ts';
import { base } from '../declaration/base.ts';
import { count, flag, instant, oneOf, text } from '../declaration/fields.ts';
import { actor, forced, policy, upkeep } from '../declaration/row-security.ts';
import { immutable } from '../declaration/rules.ts';
import { setsTimes } from '../declaration/triggers.ts';
import { User } from '../identity/user.ts';
import { MarketplaceListing } from '../marketplace/marketplace-listing.ts';
import { Subscription } from '../marketplace/subscription.ts';
import { AppVersion } from './app-version.ts';
import { Project } from './project.ts';

export const appTypes = ['algorithm', 'circuit', 'model', 'tool', 'agent', 'library', 'other'] as const;
export const appStatuses = ['draft', 'published', 'archived'] as const;
export const appVisibilities = ['public', 'private', 'restricted'] as const;

/** Everyone sees what is published for all; a restricted app is seen by those who subscribe to it. */
const published = `status = 'published' and (visibility = 'public' or (visibility = 'restricted' and exists (
  select 1 from marketplace.subscriptions s
  where s.app_id = quantum_apps.id and s.user_id = ${actor} and s.status = 'active'
    and s.starts_at <= now() and (s.ends_at is null or s.ends_at > now()))))`;

/** A quantum application: what is versioned, published, sold and run. */
export const QuantumApp = defineEntity({
  name: 'QuantumApp',
  schema: 'development',
  tableName: 'quantum_apps',
  comment: 'Quantum applications: what is versioned, published, sold and run.',
  properties: {
    ...base(),
    developer: () =>
      immutable(p.manyToOne(User).ref().index().deleteRule('restrict').comment('Who makes it.')),
    slug: text({ min: 2, max: 80, pattern: /^[a-z0-9]+(-[a-z0-9]+)*$/ })
      .unique()
      .comment('Its name in addresses, unique in the hub.'),
    name: text({ min: 1, max: 100 }).comment('Its name for people.'),
    description: text({ max: 5000 }).nullable().comment('What it does, in a few sentences.'),
    type: oneOf(appTypes).default('algorithm').comment('What kind of application it is.'),
    status: oneOf(appStatuses).default('draft').comment('Whether it is in the registry.'),
    visibility: oneOf(appVisibilities)
      .default('private')
      .comment('Who sees it once published: everyone, its developer, or its subscribers.'),
    license: text({ max: 200 }).nullable().comment('An SPDX expression, or the name of a licence.'),
    readme: text({ max: 200_000 }).nullable().comment('Its front page, as Markdown.'),
    documentation: text({ max: 1_000_000 }).nullable().comment('Its manual, as Markdown.'),
    publishedAt: instant().nullable().comment('When it first came into the registry.'),
    featured: flag().default(false).comment('Whether the registry shows it first.'),
    downloadCount: count().default(0).comment('How often a version of it was downloaded.'),
    versions: () => p.oneToMany(AppVersion).mappedBy('app'),
    project: () => p.oneToOne(Project).mappedBy('app').nullable(),
    listings: () => p.oneToMany(MarketplaceListing).mappedBy('app'),
    subscriptions: () => p.oneToMany(Subscription).mappedBy('app'),
  },
  checks: [
    {
      name: 'quantum_apps_published_check',
      expression: `status = 'draft' or published_at is not null`,
    },
  ],
  indexes: [
    {
      name: 'quantum_apps_registry_idx',
      expression: `create index "quantum_apps_registry_idx" on "development"."quantum_apps" ("published_at" desc, "id" desc) where status = 'published' and visibility = 'public'`,
    },
  ],
  ...forced,
  policies: [
    policy('quantum_apps_own', [serviceRoles.development], 'all', `developer_id = ${actor}`),
    policy(
      'quantum_apps_visible',
      [serviceRoles.development, serviceRoles.marketplace, serviceRoles.execution],
      'select',
      `${actor} is not null and (developer_id = ${actor} or (${published}))`,
    ),
    policy('quantum_apps_worker', [workerRole], 'select', 'true'),
    ...upkeep('quantum_apps'),
  ],
  triggers: [setsTimes('development.quantum_apps')],
});
export type QuantumApp = InferEntity<typeof QuantumApp>;
