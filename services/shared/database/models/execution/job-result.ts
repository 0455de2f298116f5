import { defineEntity, type InferEntity, p } from '@mikro-orm/core';
import { serviceRoles, workerRole } from '../../provision/roles.ts';
import { base } from '../declaration/base.ts';
import { integer, json, real, smallint } from '../declaration/fields.ts';
import { actor, forced, policy, upkeep } from '../declaration/row-security.ts';
import { immutable } from '../declaration/rules.ts';
import * as shape from '../declaration/shapes.ts';
import { callsFunction, setsTimes } from '../declaration/triggers.ts';
import { User } from '../identity/user.ts';
import { Job } from './job.ts';
import { rangeById } from './partitioning.ts';

/** How often each bit string was measured; the bit order is that of the corpus: last declared register left-most. */
const counts = shape.record(shape.integer({ min: 0, max: 1_000_000_000 }), { max: 1_000_000 });

const { createdAt, updatedAt } = base();

/** What a job gave; at most one a job, under the job's own id (a unique key elsewhere can't span partitions). */
export const JobResult = defineEntity({
  name: 'JobResult',
  schema: 'execution',
  tableName: 'job_results',
  comment: "What jobs gave; a result's id is its job's id. Partitioned as jobs are.",
  properties: {
    job: () =>
      immutable(
        p
          .oneToOne(Job)
          .inversedBy('result')
          .ref()
          .owner()
          .primary()
          .fieldName('id')
          .deleteRule('restrict')
          .updateRule('restrict')
          .comment("The job's id, and the result's own."),
      ),
    createdAt,
    updatedAt,
    // Whose the job is, once more: a policy that asked execution.jobs made the read of one result 49 times as slow (ADR 0001).
    user: () =>
      immutable(
        p
          .manyToOne(User)
          .ref()
          .index()
          .deleteRule('restrict')
          .comment('Whose job it is; copied from the job by the database.'),
      ),
    counts: json(counts, { maxBytes: 67_108_864 })
      .nullable()
      .comment('How often each bit string was measured.'),
    data: json(shape.anyObject, { maxBytes: 67_108_864 })
      .nullable()
      .lazy()
      .comment('Whatever else the device gave: registers, seed, metadata.'),
    formatVersion: smallint({ min: 1 }).default(1).comment('Which reading of counts and data holds.'),
    shots: integer({ min: 0, max: 1_000_000_000 }).comment('Shots that were really run.'),
    durationMs: real({ min: 0, max: 1e12 }).comment('Time on the device in milliseconds.'),
  },
  partitionBy: rangeById('job_results'),
  ...forced,
  policies: [
    policy('job_results_own', [serviceRoles.execution], 'select', `user_id = ${actor}`),
    policy('job_results_worker', [workerRole], 'all', 'true'),
    ...upkeep('job_results'),
  ],
  triggers: [
    setsTimes('execution.job_results'),
    callsFunction('execution.job_results', {
      name: 'copy_owner',
      events: ['insert', 'update'],
      function: 'hub.copy_job_owner',
    }),
  ],
});
export type JobResult = InferEntity<typeof JobResult>;
