import { createHash, randomInt } from 'node:crypto';
import { getDb } from '@quantum-hub/database';
import type { Actor } from '@quantum-hub/http';
import { type Clock, newId, systemClock } from '@quantum-hub/kernel';
import { canonicalJson } from '../domain/canonical-json.ts';
import { defaultShots } from '../domain/device-request.ts';
import { priorities, type Submission } from '../domain/submission.ts';
import { nameOf, priorityRefusal, scheduleRefusal } from '../domain/submission-rules.ts';
import type { ProgramChecker } from '../ports/index.ts';
import { findDeviceByAddress, type KnownDevice } from '../queries/devices.ts';
import { insertJob, type NewJob, type SubmissionLimits } from '../queries/insert-job.ts';
import { findRepeated } from '../queries/repeated-submission.ts';
import { programHash, readSource, requireInputsSize, type Source } from './check-program.ts';
import { judge } from './judge-job.ts';

export type SubmitDeps = {
  readonly checker: ProgramChecker;
  readonly limits: SubmissionLimits;
  readonly clock?: Clock;
};

export type Submitted = {
  readonly id: string;
  /** Made by an earlier request under the same idempotency key. */
  readonly repeated: boolean;
};

/**
 * Takes a job: everything that can be known before it runs is judged before it is queued, and job, queue entry and idempotency key are
 * written in one transaction.
 *
 * Throws `execution.program_invalid` with every error's place, what the device says of requests that it does not serve,
 * `execution.idempotency_key_reused`, `execution.too_many_jobs`, `execution.device_not_found`, `execution.priority_not_allowed`.
 */
export async function submitJob(
  { checker, limits, clock = systemClock }: SubmitDeps,
  actor: Actor,
  submission: Submission,
  key?: string,
): Promise<Submitted> {
  const source = readSource(submission.program);
  requireInputsSize(submission.inputs);
  const refusal = refusalOf(actor, submission, clock());
  if (refusal) throw refusal;
  const idempotency = key === undefined ? undefined : { key, requestHash: hashOf(submission) };
  const { earlier, device } = await load(actor, submission, idempotency);
  // The same request again gives the same job, whatever has become of its device since.
  if (earlier !== undefined) return { id: earlier, repeated: true };
  const job = await decide(checker, submission, source, device);
  return await getDb(
    (db) => insertJob(db, { ...job, userId: actor.userId, ...(idempotency && { idempotency }) }, limits),
    { as: 'execution', actor: actor.userId, keepPlans: true },
  );
}

function refusalOf({ roles }: Actor, { priority, scheduledFor }: Submission, now: Date): Error | undefined {
  const late = scheduledFor === undefined ? undefined : scheduleRefusal(new Date(scheduledFor), now);
  return priorityRefusal(roles, priority) ?? late;
}

/** Of what was asked, not of how it was written: members in another order are the same request. */
function hashOf(submission: Submission): Uint8Array {
  return createHash('sha256').update(canonicalJson(submission)).digest();
}

async function load(actor: Actor, { device: address }: Submission, idempotency: NewJob['idempotency']) {
  return await getDb(
    async (db) => ({
      earlier: idempotency && (await findRepeated(db, actor.userId, idempotency)),
      device: await findDeviceByAddress(db, address),
    }),
    { as: 'execution', actor: actor.userId, readOnly: true },
  );
}

async function decide(
  checker: ProgramChecker,
  submission: Submission,
  { program, bytes }: Source,
  known: KnownDevice | undefined,
): Promise<Omit<NewJob, 'userId'>> {
  const { device: address, request, inputs = {}, memory } = submission;
  const seed = request.kind === 'resources' ? undefined : (submission.seed ?? randomInt(2 ** 48 - 1));
  const asked = { program, ...request, shots: submission.shots, seed, memory, inputs };
  const { facts, device } = await judge(checker, address, known, asked);
  const text = Buffer.from(bytes).toString('utf8');
  const shots = request.kind === 'counts' ? (submission.shots ?? defaultShots) : submission.shots;
  return {
    id: newId(),
    platformId: device.platformId,
    deviceId: device.id,
    name: submission.name ?? nameOf(text, address),
    type: device.simulator ? 'simulation' : 'hardware',
    program: { source: text, language: facts.language },
    programHash: Buffer.from(programHash(bytes), 'hex'),
    requestKind: request.kind,
    inputs,
    memory,
    priority: priorities.indexOf(submission.priority),
    maxAttempts: submission.maxAttempts,
    ...(request.observables && { observables: request.observables }),
    ...(shots !== undefined && { shots }),
    ...(seed !== undefined && { seed }),
    ...(submission.scheduledFor !== undefined && { scheduledFor: new Date(submission.scheduledFor) }),
    ...(submission.maxRunSeconds !== undefined && { maxRunSeconds: submission.maxRunSeconds }),
  };
}
