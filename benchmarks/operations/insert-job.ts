import type { Db } from '@quantum-hub/database';
import { Device, Job, JobIdempotencyKey, JobQueueEntry, Platform, User } from '@quantum-hub/database/models';
import { hashSecret, newId } from '@quantum-hub/kernel';
import { sql } from 'kysely';
import type { Send } from '../hub/doors.ts';

export interface NewJob {
  readonly user: string;
  readonly platform: string;
  readonly device: string;
}

/** About as long as a program of a dozen gates. */
const program = `OPENQASM 3.0; include "stdgates.inc"; qubit[4] q; ${'h q[0]; cx q[0], q[1]; '.repeat(12)}`;
const requestHash = hashSecret(program);

const text = `with key as (
  insert into execution.job_idempotency_keys (id, user_id, key, job_id, request_hash) values ($6, $2, $7, $1, $8)),
entry as (
  insert into execution.job_queue (id, user_id, device_id) values ($1, $2, $4))
insert into execution.jobs (id, user_id, platform_id, device_id, name, program, program_language, status, queued_at)
values ($1, $2, $3, $4, 'benchmark', $5, 'openqasm3', 'queued', now())`;

/** Submits a job: the job, its entry in the queue and its idempotency key. */
export async function insertJob(send: Send, { user, platform, device }: NewJob): Promise<void> {
  const values = [newId(), user, platform, device, program, newId(), newId(), requestHash];
  await send({ name: 'insert_job', text, values });
}

export async function insertJobByKysely({ kysely }: Db, { user, platform, device }: NewJob): Promise<void> {
  const id = newId();
  await sql`with key as (
      insert into execution.job_idempotency_keys (id, user_id, key, job_id, request_hash)
      values (${newId()}, ${user}, ${newId()}, ${id}, ${requestHash})),
    entry as (
      insert into execution.job_queue (id, user_id, device_id) values (${id}, ${user}, ${device}))
    insert into execution.jobs (id, user_id, platform_id, device_id, name, program, program_language, status, queued_at)
    values (${id}, ${user}, ${platform}, ${device}, 'benchmark', ${program}, 'openqasm3', 'queued', now())`.execute(
    kysely,
  );
}

/** Entities are written when the unit of work commits. */
export async function insertJobByEntities({ em }: Db, job: NewJob): Promise<void> {
  const id = newId();
  const user = em.getReference(User, job.user);
  const device = em.getReference(Device, job.device);
  const platform = em.getReference(Platform, job.platform);
  em.create(Job, {
    id,
    user,
    platform,
    device,
    name: 'benchmark',
    program,
    programLanguage: 'openqasm3',
    status: 'queued',
    inputs: {},
    queuedAt: new Date(),
  });
  em.create(JobQueueEntry, { id, user, device });
  em.create(JobIdempotencyKey, { user, key: newId(), jobId: id, requestHash });
}
