import type { Db } from '@quantum-hub/database';
import { newId } from '@quantum-hub/kernel';
import { changedChannel, runningLocks } from './channels.ts';
import { together } from './together.ts';

export interface Claim {
  readonly deviceId: string;
  readonly workerNumber: number;
  /** Host and process, for people. */
  readonly workerName: string;
  /** How long the worker may keep the job without renewing its lease. */
  readonly leaseSeconds: number;
  /** The device as it is now, kept with the attempt. */
  readonly deviceSnapshot: object;
  /** How many jobs of one user may run at once on all devices; absent: as many as there are slots. */
  readonly runningPerUser?: number;
}

/** A job that a worker holds, with what it needs to run it. */
export interface ClaimedJob {
  readonly id: string;
  readonly userId: string;
  readonly deviceId: string;
  /** Fences every later write: a worker with an older token has lost the job. */
  readonly leaseToken: string;
  /** Counted from 1. */
  readonly attempt: number;
  /** Earlier starts that failed. */
  readonly failures: number;
  readonly maxAttempts: number;
  readonly name: string;
  readonly program: string;
  readonly programLanguage: string;
  readonly programHash: Buffer | null;
  readonly requestKind: 'counts' | 'expectation' | 'resources';
  readonly observables: readonly string[] | null;
  readonly shots: number | null;
  readonly seed: number | null;
  readonly memory: boolean;
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly maxRunSeconds: number | null;
  readonly queuedAt: Date;
  readonly startedAt: Date;
}

/** Whose jobs run, a row for each: what runs has a slot, and there are few of these however long the queue is. */
const running = `select r.user_id from execution.device_slots s,
  lateral (select q.user_id from execution.job_queue q where q.id = s.job_id limit 1) r where s.job_id is not null`;

/**
 * Chooses a job and takes it, in one statement. One slot row is locked first, so a device never runs more than it has slots: counting
 * running jobs instead reads a snapshot that is older than the lock, and starts too many (research/libraries.md 1.3). Of the users
 * who wait for the device the least recently started one is next (`waiting` finds them by one index probe each), then priority.
 * Both statements of a claim are for units of work that keep plans: planning this one took a fifth of a claim. What is kept must hold
 * for a million entries although it was made for none: every step of the plan is a walk along an index in its order (`claim-plan.test.ts`).
 */
const take = `with recursive slot as (
  select s.device_id, s.slot_number from execution.device_slots s
   where s.device_id = $1 and s.job_id is null
     and exists (select from execution.devices d where d.id = $1 and d.status = 'online')
   order by s.slot_number limit 1 for update of s skip locked),
waiting(user_id) as (
  (select user_id from execution.job_queue where device_id = $1 and status = 'queued' order by user_id, priority desc, id limit 1)
  union all
  select (select q.user_id from execution.job_queue q
           where q.device_id = $1 and q.status = 'queued' and q.user_id > w.user_id
           order by q.user_id, q.priority desc, q.id limit 1)
    from waiting w where w.user_id is not null),
limited as (select user_id from (${running} and $5::int is not null) r group by user_id having count(*) >= $5),
job as (
  select next.id, next.user_id, slot.device_id, slot.slot_number from slot, lateral (
    select j.id, j.user_id from (
      select w.user_id from waiting w
        left join execution.device_turns t on t.device_id = $1 and t.user_id = w.user_id
       where w.user_id is not null and not exists (select from limited where limited.user_id = w.user_id)
       order by t.last_started_at nulls first, w.user_id offset 0) turn,
    lateral (
      select q.id, q.user_id from execution.job_queue q
       where q.device_id = $1 and q.user_id = turn.user_id and q.status = 'queued' and q.run_at <= now()
       order by q.priority desc, q.id limit 1 for update skip locked) j
    limit 1) next),
taken as (
  update execution.device_slots s set job_id = job.id from job
   where (s.device_id, s.slot_number) = (job.device_id, job.slot_number)),
turned as (
  insert into execution.device_turns (id, device_id, user_id, last_started_at)
  select $4, device_id, user_id, clock_timestamp() from job
  on conflict (device_id, user_id) do update set last_started_at = excluded.last_started_at)
update execution.job_queue q set status = 'running', attempt = attempt + 1, lease_token = gen_random_uuid(),
       lease_until = now() + $3 * interval '1 s', slot_number = (select slot_number from job), worker_number = $2, progress = null
 where q.id = (select id from job)
returning q.id, q.user_id as "userId", q.attempt, q.lease_token as "leaseToken", q.failures, q.max_attempts as "maxAttempts",
          (select count(*) from (select from execution.device_slots limit $5 + 1) slots) > $5 as "hasMoreSlots"`;

/** The job as people see it, its event and its attempt; by id alone, so that one partition is planned (ADR 0001). */
const start = `with job as (
  update execution.jobs set status = 'running', started_at = now(), attempts = $2, events = events + 1
   where id = $1 and status = 'queued' returning *),
event as (
  insert into execution.job_events (id, number, user_id, status, origin, attempt)
  select id, events, user_id, 'running', 'worker', $2 from job),
attempt as (
  insert into execution.job_attempts (id, number, user_id, worker_number, worker_name, device_snapshot)
  select id, $2, user_id, $3, $4, $5::jsonb from job)
select job.name, coalesce(job.program, version.program) as program,
       coalesce(job.program_language, version.program_language) as "programLanguage", job.program_hash as "programHash",
       job.request_kind as "requestKind", job.observables, job.shots, job.seed::float8 as seed, job.memory, job.inputs,
       job.max_run_seconds as "maxRunSeconds", job.queued_at as "queuedAt", job.started_at as "startedAt",
       pg_notify('${changedChannel}', job.id || ' ' || job.events)
  from job left join development.app_versions version on version.id = job.app_version_id`;

type Taken = Pick<ClaimedJob, 'id' | 'userId' | 'attempt' | 'leaseToken' | 'failures' | 'maxAttempts'>;

/** Thrown inside the transaction to take a claim back: the user has as many running jobs as they may. */
export class ClaimTakenBack extends Error {}

/**
 * Takes the next job of a device for a worker (as `worker`, with `keepPlans`); undefined when there is none, no slot is free or the device is not
 * online. Throws `ClaimTakenBack` when a claim at the same moment used up the user's limit: roll back and ask again.
 */
export async function claimJob(db: Db, claim: Claim): Promise<ClaimedJob | undefined> {
  const { deviceId, workerNumber, workerName, leaseSeconds, deviceSnapshot, runningPerUser } = claim;
  const { rows } = await db.query<Taken & { hasMoreSlots: boolean | null }>({
    name: 'claim_job',
    text: take,
    values: [deviceId, workerNumber, leaseSeconds, newId(), runningPerUser ?? null],
  });
  const [row] = rows;
  if (!row) return undefined;
  const { hasMoreSlots, ...taken } = row;
  // Where all devices together run no more than one user may, claims at the same moment can't use it up.
  const counts = runningPerUser !== undefined && hasMoreSlots === true;
  const [, started] = await together([
    counts ? requireWithin(db, taken.userId, runningPerUser) : Promise.resolve(),
    db.query<Omit<ClaimedJob, keyof Taken | 'deviceId'>>({
      name: 'start_job',
      text: start,
      values: [taken.id, taken.attempt, workerNumber, workerName, JSON.stringify(deviceSnapshot)],
    }),
  ]);
  const [job] = started.rows;
  if (!job) throw new Error(`job ${taken.id} stands in the queue, but execution.jobs does not say queued`);
  return { ...taken, deviceId, ...job };
}

/** Counted once more under a lock of the user, in a statement that begins after it was given: both are sent at once. */
async function requireWithin(db: Db, userId: string, most: number): Promise<void> {
  const [, { rows }] = await together([
    db.query({
      name: 'lock_user',
      text: `select pg_advisory_xact_lock(${runningLocks}, hashtext($1))`,
      values: [userId],
    }),
    db.query<{ running: number }>({
      name: 'count_running',
      text: `select count(*)::int as running from (${running}) r where user_id = $1`,
      values: [userId],
    }),
  ]);
  if ((rows[0]?.running ?? 0) > most) throw new ClaimTakenBack();
}
