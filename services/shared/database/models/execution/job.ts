import { defineEntity, type InferEntity, p } from '@mikro-orm/core';
import { serviceRoles, workerRole } from '../../provision/roles.ts';
import { base } from '../declaration/base.ts';
import {
  amountMinor,
  count,
  currency,
  flag,
  instant,
  integer,
  json,
  oneOf,
  sha256,
  smallint,
  text,
  uuid,
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
export const jobRequestKinds = ['counts', 'expectation', 'resources'] as const;
/** Priorities by their number: low, normal, high, urgent. */
export const jobPriorities = { low: 0, normal: 1, high: 2, urgent: 3 } as const;

/** As people wrote them: `0.5*Z0 Z1 - X2`. */
const observables = shape.array(shape.string({ max: 10_000 }), { max: 1000 });

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
    programHash: immutable(
      sha256()
        .nullable()
        .comment("SHA-256 of the program's bytes as they run; null: made before it was kept."),
    ),
    requestKind: immutable(oneOf(jobRequestKinds).default('counts').comment('What is asked of the device.')),
    observables: immutable(
      json(observables, { maxBytes: 1_048_576 })
        .nullable()
        .comment('What is to be measured where expectation values are asked for.'),
    ),
    shots: immutable(
      integer({ min: 1, max: 1_000_000_000 })
        .nullable()
        .default(1024)
        .comment('How often it is run and measured; null: not sampled (exact values, resource estimates).'),
    ),
    seed: immutable(
      count()
        .nullable()
        .comment('Seed of all that is random in it; null: nothing is, or the device chooses.'),
    ),
    memory: immutable(
      flag().default(false).comment('Whether the outcome of each shot is asked for, in its order.'),
    ),
    status: oneOf(jobStatuses).default('created').comment('Where it stands; the last three are final.'),
    priority: smallint({ min: 0, max: 3 })
      .default(jobPriorities.normal)
      .comment('0 low, 1 normal, 2 high, 3 urgent.'),
    scheduledFor: immutable(
      instant().nullable().comment('Not to be started before; null: as soon as a device is free.'),
    ),
    maxRunSeconds: immutable(
      integer({ min: 1, max: 604_800 })
        .nullable()
        .comment('How long one attempt may run, in seconds; null: what the hub gives.'),
    ),
    maxAttempts: immutable(
      smallint({ min: 1, max: 20 })
        .default(3)
        .comment('How often it is tried at most when the hub or the device fails; 1: once.'),
    ),
    retryOf: immutable(uuid().nullable().comment('The finished job that this one repeats.')),
    attempts: smallint().default(0).comment('How often it was started.'),
    events: integer().default(0).comment("How many events it has: the last one's number."),
    queuedAt: instant().nullable().comment('When it began to wait.'),
    startedAt: instant().nullable().comment('When it last began to run.'),
    finishedAt: instant().nullable().comment('When it reached its final status.'),
    cancelRequestedAt: instant().nullable().comment('When its end was first asked for.'),
    cancelRequestedBy: uuid().nullable().comment('The user who asked for it: its own, or an operator.'),
    costMinor: amountMinor().nullable().comment('What it cost, in minor units; null: not known yet.'),
    currency: currency().nullable().comment('ISO 4217 code of the cost.'),
    errorCode: text({ min: 1, max: 100, pattern: /^[a-z0-9_]+(\.[a-z0-9_]+)*$/ })
      .nullable()
      .comment('Why it failed or was cancelled, for programs.'),
    errorMessage: text({ max: 10_000 }).nullable().comment('Why it failed or was cancelled, for people.'),
    result: () => p.oneToOne(JobResult).mappedBy('job').nullable(),
  },
  checks: [
    { name: 'jobs_finished_check', expression: `(finished_at is not null) = (status in ${terminal})` },
    { name: 'jobs_cost_check', expression: '(cost_minor is null) = (currency is null)' },
    { name: 'jobs_error_check', expression: `error_code is null or status in ('failed', 'cancelled')` },
    {
      name: 'jobs_request_check',
      expression: `(observables is null) = (request_kind <> 'expectation')`,
    },
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
