import { defineEntity, type InferEntity, p } from '@mikro-orm/core';
import { serviceRoles, workerRole } from '../../provision/roles.ts';
import { base } from '../declaration/base.ts';
import { instant, integer, oneOf, real, smallint, uuid } from '../declaration/fields.ts';
import { actor, forced, policy, upkeep } from '../declaration/row-security.ts';
import { immutable } from '../declaration/rules.ts';
import { setsTimes } from '../declaration/triggers.ts';
import { User } from '../identity/user.ts';
import { Device } from './device.ts';
import { jobPriorities } from './job.ts';

export const queueStatuses = ['waiting', 'queued', 'running', 'cancelling'] as const;

/**
 * A job that waits or runs: the small hot table that claims work on (ADR 0001). Its id is the job's id;
 * the row goes away when the job finishes. No foreign key to jobs: a detached partition could not have one.
 */
export const JobQueueEntry = defineEntity({
  name: 'JobQueueEntry',
  schema: 'execution',
  tableName: 'job_queue',
  comment: "Jobs that wait or run; an entry's id is its job's id.",
  properties: {
    ...base(),
    user: () => immutable(p.manyToOne(User).ref().index().deleteRule('restrict').comment('Whose job it is.')),
    device: () =>
      immutable(p.manyToOne(Device).ref().index().deleteRule('restrict').comment('What it waits for.')),
    status: oneOf(queueStatuses)
      .default('queued')
      .comment('Whether it waits for its time, for a slot, runs, or is to stop running.'),
    priority: smallint({ min: 0, max: 3 }).default(jobPriorities.normal).comment("The job's priority."),
    runAt: instant().defaultRaw('now()').comment('Not to be started before; later after a failed attempt.'),
    attempt: smallint().default(0).comment('How often it was started.'),
    failures: smallint().default(0).comment('How many of these starts failed; being handed back is none.'),
    maxAttempts: smallint({ min: 1, max: 20 }).default(3).comment("The job's own limit of failures."),
    progress: real({ min: 0, max: 1 }).nullable().comment('Share of the present run that is done, 0 to 1.'),
    leaseToken: uuid()
      .nullable()
      .comment('Given to the worker at each start; a worker with another one has lost the job.'),
    leaseUntil: instant().nullable().comment('When the worker counts as lost unless it renews.'),
    slotNumber: smallint().nullable().comment('The slot of the device that it runs in.'),
    workerNumber: integer()
      .nullable()
      .comment("The worker's number, under which it holds its liveness lock."),
  },
  checks: [
    {
      name: 'job_queue_lease_check',
      expression: `case when status in ('waiting', 'queued') then num_nulls(lease_token, lease_until, slot_number, worker_number) = 4
        else num_nonnulls(lease_token, lease_until, slot_number, worker_number) = 4 end`,
    },
  ],
  indexes: [
    {
      name: 'job_queue_fair_idx',
      expression: `create index "job_queue_fair_idx" on "execution"."job_queue" ("device_id", "user_id", "priority" desc, "id") where status = 'queued'`,
    },
    {
      name: 'job_queue_lease_idx',
      expression: `create index "job_queue_lease_idx" on "execution"."job_queue" ("lease_until") where status in ('running', 'cancelling')`,
    },
    {
      name: 'job_queue_due_idx',
      expression: `create index "job_queue_due_idx" on "execution"."job_queue" ("run_at") where status = 'waiting'`,
    },
  ],
  ...forced,
  policies: [
    policy('job_queue_own', [serviceRoles.execution], 'all', `user_id = ${actor}`),
    policy('job_queue_worker', [workerRole], 'all', 'true'),
    ...upkeep('job_queue'),
  ],
  triggers: [setsTimes('execution.job_queue')],
});
export type JobQueueEntry = InferEntity<typeof JobQueueEntry>;
