import type { Db } from '@quantum-hub/database';
import { hubError, newId } from '@quantum-hub/kernel';
import { changedChannel, queuedChannel, submissionLocks } from './channels.ts';

export interface NewJob {
  readonly id: string;
  readonly userId: string;
  readonly platformId: string;
  readonly deviceId: string;
  readonly appVersionId?: string;
  readonly subscriptionId?: string;
  readonly name: string;
  readonly type: 'simulation' | 'hardware' | 'hybrid';
  /** Absent: that of the version. */
  readonly program?: { readonly source: string; readonly language: string };
  /** SHA-256 of the program's bytes. */
  readonly programHash: Uint8Array | undefined;
  readonly requestKind: 'counts' | 'expectation' | 'resources';
  readonly observables?: readonly string[];
  /** Absent: not sampled. */
  readonly shots?: number;
  readonly seed?: number;
  readonly memory?: boolean;
  readonly inputs?: object;
  /** 0 low, 1 normal, 2 high, 3 urgent. */
  readonly priority?: number;
  readonly scheduledFor?: Date;
  readonly maxRunSeconds?: number;
  readonly maxAttempts?: number;
  readonly retryOf?: string;
  /** The same key of the same user gives the same job; `requestHash`: SHA-256 of the whole submission. */
  readonly idempotency?: { readonly key: string; readonly requestHash: Uint8Array };
}

export interface SubmissionLimits {
  /** How many unfinished jobs one user may have. */
  readonly unfinishedPerUser?: number;
}

const columns = `id, user_id, platform_id, device_id, app_version_id, subscription_id, name, type, program, program_language,
  program_hash, request_kind, observables, shots, seed, memory, inputs, priority, scheduled_for, max_run_seconds,
  max_attempts, retry_of`;

/** `$23` idempotency row's id, `$24` key, `$25` hash, `$26` limit. All decide by the database's clock. */
const text = `with room as (
  select coalesce($19::timestamptz > now(), false) as scheduled
   where $26::int is null
      or (select count(*) from (select from execution.job_queue where user_id = $2 limit $26) unfinished) < $26),
key as (
  insert into execution.job_idempotency_keys (id, user_id, key, job_id, request_hash)
  select $23::uuid, $2::uuid, $24, $1::uuid, $25::bytea from room where $24::text is not null
  on conflict (user_id, key) do nothing returning job_id),
fresh as (select scheduled from room where $24::text is null or exists (select from key)),
entry as (
  insert into execution.job_queue (id, user_id, device_id, status, priority, run_at, max_attempts)
  select $1, $2, $4, case when scheduled then 'waiting' else 'queued' end, $18, greatest($19::timestamptz, now()), $21
    from fresh),
job as (
  insert into execution.jobs (${columns}, status, queued_at, events)
  select $1, $2, $3::uuid, $4, $5::uuid, $6::uuid, $7, $8, $9, $10, $11::bytea, $12, $13::jsonb, $14::int, $15::bigint,
         $16::boolean, $17::jsonb, $18::smallint, $19, $20::int, $21::smallint, $22::uuid,
         case when scheduled then 'created' else 'queued' end, case when not scheduled then now() end,
         case when scheduled then 1 else 2 end
    from fresh returning id, user_id, status, events),
event as (
  insert into execution.job_events (id, number, user_id, status, origin, actor_id)
  select id, number, user_id, case number when 1 then 'created' else 'queued' end, 'user', user_id
    from job, generate_series(1, events) number)
select status, pg_notify('${changedChannel}', id || ' ' || events),
       case when status = 'queued' then pg_notify('${queuedChannel}', $4::text) end
  from job`;

function valuesOf(job: NewJob, most: number | undefined): unknown[] {
  const { program, idempotency } = job;
  return [
    ...[job.id, job.userId, job.platformId, job.deviceId, job.appVersionId, job.subscriptionId],
    ...[job.name, job.type, program?.source, program?.language, job.programHash, job.requestKind],
    ...[job.observables && JSON.stringify(job.observables), job.shots, job.seed, job.memory ?? false],
    ...[JSON.stringify(job.inputs ?? {}), job.priority ?? 1, job.scheduledFor, job.maxRunSeconds],
    ...[job.maxAttempts ?? 3, job.retryOf, newId(), idempotency?.key, idempotency?.requestHash],
    most,
  ].map((value) => value ?? null);
}

/**
 * Puts a job into the queue, in the transaction of whoever submits (as `execution`, for the job's user, with `keepPlans`): rolled back, it
 * never was.
 * Gives the job's id, or that of the job that the same idempotency key made before (`repeated`).
 *
 * Throws `execution.idempotency_key_reused` when the key came with another request, `execution.too_many_jobs` at the limit.
 */
export async function insertJob(
  db: Db,
  job: NewJob,
  limits: SubmissionLimits = {},
): Promise<{ readonly id: string; readonly repeated: boolean }> {
  const { unfinishedPerUser: most } = limits;
  const submission = { id: job.id, repeated: false };
  if (await insert(db, job, most === undefined ? undefined : Math.max(0, most - uncounted)))
    return submission;
  if (most !== undefined && (await countedAlone(db, job, most))) return submission;
  const earlier = await earlierJob(db, job);
  if (earlier !== undefined) return { id: earlier, repeated: true };
  throw hubError('execution.too_many_jobs', { most: most ?? 0 });
}

/** False when the user has `most` unfinished jobs, or the idempotency key is taken. */
async function insert(db: Db, job: NewJob, most: number | undefined): Promise<boolean> {
  const { rowCount } = await db.query({ name: 'insert_job', text, values: valuesOf(job, most) });
  return rowCount > 0;
}

/**
 * So far below the limit submissions of one user don't wait for each other: counting is exact as long as fewer of them are on their way
 * at once.
 */
const uncounted = 100;

/** Near the limit: one submission after the other, in a statement that begins after the lock was given. */
async function countedAlone(db: Db, job: NewJob, most: number): Promise<boolean> {
  await db.query(`select pg_advisory_xact_lock(${submissionLocks}, hashtext($1))`, [job.userId]);
  return await insert(db, job, most);
}

async function earlierJob(db: Db, { id, userId, idempotency }: NewJob): Promise<string | undefined> {
  if (!idempotency) return undefined;
  const { rows } = await db.query<{ jobId: string; same: boolean }>(
    `select job_id as "jobId", request_hash = $3 as same from execution.job_idempotency_keys
      where user_id = $1 and key = $2 and job_id <> $4`,
    [userId, idempotency.key, idempotency.requestHash, id],
  );
  const [row] = rows;
  if (row?.same === false) throw hubError('execution.idempotency_key_reused', { key: idempotency.key });
  return row?.jobId;
}
