import { defineEntity, type InferEntity, p } from '@mikro-orm/core';
import { serviceRoles } from '../../provision/roles.ts';
import { base } from '../declaration/base.ts';
import { sha256, text, uuid } from '../declaration/fields.ts';
import { actor, forced, policy, upkeep } from '../declaration/row-security.ts';
import { immutable } from '../declaration/rules.ts';
import { setsTimes } from '../declaration/triggers.ts';
import { User } from '../identity/user.ts';

/** A submission that may be sent again: the same key of the same user gives the same job. Unpartitioned, to be unique. */
export const JobIdempotencyKey = defineEntity({
  name: 'JobIdempotencyKey',
  schema: 'execution',
  tableName: 'job_idempotency_keys',
  comment: 'Keys of submissions, so that one sent twice makes one job.',
  properties: {
    ...base(),
    user: () => immutable(p.manyToOne(User).ref().deleteRule('restrict').comment('Who submitted.')),
    key: immutable(text({ min: 1, max: 200 }).comment('The key that the client chose, unique for the user.')),
    jobId: immutable(
      uuid().comment('The job made; no foreign key, since jobs are partitioned and detached.'),
    ),
    requestHash: immutable(
      sha256().comment('SHA-256 of the submission: another one under the same key is refused.'),
    ),
  },
  uniques: [{ properties: ['user', 'key'] }],
  ...forced,
  policies: [
    policy('job_idempotency_keys_own', [serviceRoles.execution], 'all', `user_id = ${actor}`),
    ...upkeep('job_idempotency_keys'),
  ],
  triggers: [setsTimes('execution.job_idempotency_keys')],
});
export type JobIdempotencyKey = InferEntity<typeof JobIdempotencyKey>;
