import { defineEntity, type InferEntity } from '@mikro-orm/core';
import { serviceRoles, workerRole } from '../../provision/roles.ts';
import { base } from '../declaration/base.ts';
import { instant, integer, json, oneOf, smallint, text, uuid } from '../declaration/fields.ts';
import { actor, forced, policy, upkeep } from '../declaration/row-security.ts';
import { immutable } from '../declaration/rules.ts';
import * as shape from '../declaration/shapes.ts';
import { setsTimes } from '../declaration/triggers.ts';
import { rangeById } from './partitioning.ts';

/** How a try ended: with a result, with an error, by a cancellation, given back by a stopping worker, or with its worker. */
export const attemptOutcomes = ['completed', 'failed', 'cancelled', 'handed_back', 'lost'] as const;

const { id, createdAt, updatedAt } = base();

/** One start of a job on a device. Its key is the job's id and the attempt's number; no foreign keys, as with events. */
export const JobAttempt = defineEntity({
  name: 'JobAttempt',
  schema: 'execution',
  tableName: 'job_attempts',
  comment: "Starts of jobs on devices; an attempt's id is its job's id. Partitioned as jobs are.",
  properties: {
    id: immutable(id.comment("The job's id; with the number it is the key.")),
    number: immutable(smallint({ min: 1 }).primary().comment('Counted from 1 in each job.')),
    createdAt,
    updatedAt,
    userId: immutable(uuid().comment('Whose job it is.')),
    workerNumber: immutable(integer().comment('The worker that took it, by its number.')),
    workerName: immutable(text({ min: 1, max: 200 }).comment('The worker that took it: host and process.')),
    deviceSnapshot: immutable(
      json(shape.anyObject, { maxBytes: 4_194_304 }).comment(
        "The device as it was then: its name, its status and the adapter's profile.",
      ),
    ),
    finishedAt: instant().nullable().comment('When it ended; null: it runs.'),
    outcome: oneOf(attemptOutcomes).nullable().comment('How it ended; null: it runs.'),
    errorCode: text({ min: 1, max: 100, pattern: /^[a-z0-9_]+(\.[a-z0-9_]+)*$/ })
      .nullable()
      .comment('Why it did not end in a result, for programs.'),
    errorMessage: text({ max: 10_000 }).nullable().comment('The same for people.'),
  },
  checks: [
    { name: 'job_attempts_finished_check', expression: '(finished_at is null) = (outcome is null)' },
    { name: 'job_attempts_error_check', expression: `error_code is null or outcome <> 'completed'` },
  ],
  partitionBy: rangeById('job_attempts'),
  ...forced,
  policies: [
    policy('job_attempts_own', [serviceRoles.execution], 'select', `user_id = ${actor}`),
    policy('job_attempts_worker', [workerRole], 'all', 'true'),
    ...upkeep('job_attempts'),
  ],
  triggers: [setsTimes('execution.job_attempts')],
});
export type JobAttempt = InferEntity<typeof JobAttempt>;
