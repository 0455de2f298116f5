import { defineEntity, type InferEntity, p } from '@mikro-orm/core';
import { serviceRoles, workerRole } from '../../provision/roles.ts';
import { base } from '../declaration/base.ts';
import {
  amountMinor,
  currency,
  instant,
  integer,
  json,
  oneOf,
  smallint,
  text,
} from '../declaration/fields.ts';
import { actor, forced, policy, upkeep } from '../declaration/row-security.ts';
import { immutable } from '../declaration/rules.ts';
import * as shape from '../declaration/shapes.ts';
import { callsFunction, setsTimes } from '../declaration/triggers.ts';
import { AppVersion } from '../development/app-version.ts';
import { User } from '../identity/user.ts';
import { Subscription } from '../marketplace/subscription.ts';
import { Device } from './device.ts';
import { JobResult } from './job-result.ts';
import { rangeById } from './partitioning.ts';
import { Platform } from './platform.ts';
import { programLanguages, programMaxChars } from './program.ts';

export const jobTypes = ['simulation', 'hardware', 'hybrid'] as const;
export const jobStatuses = [
  'created',
  'queued',
  'running',
  'completed',
  'failed',
  'cancelling',
  'cancelled',
] as const;
/** Priorities by their number: low, normal, high, urgent. */
export const jobPriorities = { low: 0, normal: 1, high: 2, urgent: 3 } as const;

const terminal = `('completed', 'failed', 'cancelled')`;

/** Nobody runs on another user's subscription, or a version that they can't see: both look-ups go through row security. */
const ownSubscription = `(subscription_id is null or exists (select 1 from marketplace.subscriptions s where s.id = jobs.subscription_id and s.user_id = ${actor}))`;
const visibleVersion =
  '(app_version_id is null or exists (select 1 from development.app_versions v where v.id = jobs.app_version_id))';

/**
 * One run of a program on a device. Partitioned by id, which is by time of making: queries bound ids,
 * not times, so that partitions prune. A terminal status never changes (trigger `keep_finished`).
 */
export const Job = defineEntity({
  name: 'Job',
  schema: 'execution',
  tableName: 'jobs',
  comment: 'Runs of programs on devices; partitioned by id, that is by time.',
  properties: {
    ...base(),
    user: () => immutable(p.manyToOne(User).ref().deleteRule('restrict').comment('Who runs it.')),
    appVersion: () =>
      immutable(
        p
          .manyToOne(AppVersion)
          .ref()
          .nullable()
          .index()
          .deleteRule('restrict')
          .comment('The version run; null: a program of their own.'),
      ),
    subscription: () =>
      immutable(
        p
          .manyToOne(Subscription)
          .ref()
          .nullable()
          .index()
          .deleteRule('restrict')
          .comment('What pays for it; null: the user.'),
      ),
    platform: () =>
      immutable(p.manyToOne(Platform).ref().index().deleteRule('restrict').comment('Where it runs.')),
    device: () =>
      immutable(p.manyToOne(Device).ref().index().deleteRule('restrict').comment('What it runs on.')),
    name: text({ min: 1, max: 200 }).comment('What the user calls it.'),
    type: immutable(oneOf(jobTypes).default('simulation').comment('What kind of run it is.')),
    program: immutable(
      text({ max: programMaxChars }).nullable().comment('The source that runs; null: that of the version.'),
    ),
    programLanguage: immutable(oneOf(programLanguages).nullable().comment('The language of that source.')),
    inputs: immutable(
      json(shape.anyObject, { maxBytes: 1_048_576 })
        .defaultRaw(`'{}'`)
        .comment("Values of the program's inputs by name."),
    ),
    shots: immutable(
      integer({ min: 1, max: 1_000_000_000 }).default(1024).comment('How often it is run and measured.'),
    ),
    status: oneOf(jobStatuses).default('created').comment('Where it stands; the last three are final.'),
    priority: smallint({ min: 0, max: 3 })
      .default(jobPriorities.normal)
      .comment('0 low, 1 normal, 2 high, 3 urgent.'),
    queuedAt: instant().nullable().comment('When it began to wait.'),
    startedAt: instant().nullable().comment('When it last began to run.'),
    finishedAt: instant().nullable().comment('When it reached its final status.'),
    costMinor: amountMinor().nullable().comment('What it cost, in minor units; null: not known yet.'),
    currency: currency().nullable().comment('ISO 4217 code of the cost.'),
    errorCode: text({ min: 1, max: 100, pattern: /^[a-z0-9_]+(\.[a-z0-9_]+)*$/ })
      .nullable()
      .comment('Why it failed, for programs.'),
    errorMessage: text({ max: 10_000 }).nullable().comment('Why it failed, for people.'),
    result: () => p.oneToOne(JobResult).mappedBy('job').nullable(),
  },
  checks: [
    { name: 'jobs_finished_check', expression: `(finished_at is not null) = (status in ${terminal})` },
    { name: 'jobs_cost_check', expression: '(cost_minor is null) = (currency is null)' },
    { name: 'jobs_error_check', expression: `error_code is null or status = 'failed'` },
    {
      name: 'jobs_language_check',
      expression:
        '(program is null) = (program_language is null) and (program is not null or app_version_id is not null)',
    },
  ],
  // A user's newest jobs: one ordered walk down the partitions. Serves the foreign key to users too.
  indexes: [{ properties: ['user', 'id'] }],
  partitionBy: rangeById('jobs'),
  ...forced,
  policies: [
    policy('jobs_own', [serviceRoles.execution], 'select', `user_id = ${actor}`),
    policy(
      'jobs_own_update',
      [serviceRoles.execution],
      'update',
      `user_id = ${actor}`,
      `user_id = ${actor} and ${ownSubscription}`,
    ),
    policy(
      'jobs_own_insert',
      [serviceRoles.execution],
      'insert',
      `user_id = ${actor} and ${ownSubscription} and ${visibleVersion}`,
    ),
    policy('jobs_worker', [workerRole], 'all', 'true'),
    ...upkeep('jobs'),
  ],
  triggers: [
    setsTimes('execution.jobs'),
    callsFunction('execution.jobs', {
      name: 'keep_finished',
      events: ['update'],
      function: 'hub.keep_finished',
    }),
  ],
});
export type Job = InferEntity<typeof Job>;
