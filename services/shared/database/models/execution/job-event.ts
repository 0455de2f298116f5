import { defineEntity, type InferEntity } from '@mikro-orm/core';
import { serviceRoles, workerRole } from '../../provision/roles.ts';
import { base } from '../declaration/base.ts';
import { integer, oneOf, smallint, text, uuid } from '../declaration/fields.ts';
import { actor, forced, policy, upkeep } from '../declaration/row-security.ts';
import { immutable } from '../declaration/rules.ts';
import { callsFunction, setsTimes } from '../declaration/triggers.ts';
import { jobStatuses } from './job.ts';
import { rangeById } from './partitioning.ts';

/** Who changed a job: its user, a worker, the reaper of lost workers, an operator, the clock of scheduled jobs. */
export const jobEventOrigins = ['user', 'worker', 'reaper', 'operator', 'scheduler'] as const;

const { id, createdAt, updatedAt } = base();

/**
 * Every change of a job's status, with its time and origin; never changed, never taken away. Its key is the job's id and
 * a number from 1 on without gaps, so that one index gives a job's history in its order and a reader can go on after a number.
 * No foreign keys: the job's id is written in the statement that changes the job, and each key would be checked some five
 * times a job (a check of one to `jobs` locks every partition, ADR 0001).
 */
export const JobEvent = defineEntity({
  name: 'JobEvent',
  schema: 'execution',
  tableName: 'job_events',
  comment: "What became of jobs, change by change; an event's id is its job's id. Partitioned as jobs are.",
  properties: {
    id: immutable(id.comment("The job's id; with the number it is the key.")),
    number: immutable(integer({ min: 1 }).primary().comment('Counted from 1 in each job, without gaps.')),
    createdAt,
    updatedAt,
    userId: immutable(uuid().comment('Whose job it is.')),
    status: immutable(oneOf(jobStatuses).comment('Where the job stood after the change.')),
    origin: immutable(oneOf(jobEventOrigins).comment('Who made the change.')),
    actorId: immutable(uuid().nullable().comment('The user or operator who asked for it; null: nobody did.')),
    attempt: immutable(smallint().nullable().comment('The attempt that it belongs to; null: none.')),
    reasonCode: immutable(
      text({ min: 1, max: 100, pattern: /^[a-z0-9_]+(\.[a-z0-9_]+)*$/ })
        .nullable()
        .comment('Why, for programs.'),
    ),
    reasonMessage: immutable(text({ max: 10_000 }).nullable().comment('Why, for people.')),
  },
  partitionBy: rangeById('job_events'),
  ...forced,
  policies: [
    policy('job_events_own', [serviceRoles.execution], 'select', `user_id = ${actor}`),
    policy('job_events_own_insert', [serviceRoles.execution], 'insert', `user_id = ${actor}`),
    policy('job_events_worker', [workerRole], 'all', 'true'),
    ...upkeep('job_events'),
  ],
  triggers: [
    setsTimes('execution.job_events'),
    callsFunction('execution.job_events', {
      name: 'keep_history',
      events: ['update', 'delete'],
      function: 'hub.keep_history',
    }),
  ],
});
export type JobEvent = InferEntity<typeof JobEvent>;
