import { getDb } from '@quantum-hub/database';
import type { Actor } from '@quantum-hub/http';
import { hubError, newId } from '@quantum-hub/kernel';
import { portLanguage } from '../domain/device-request.ts';
import { isFinal } from '../domain/job-states.ts';
import { priorities } from '../domain/submission.ts';
import { priorityRefusal } from '../domain/submission-rules.ts';
import { findDeviceByAddress } from '../queries/devices.ts';
import { insertJob } from '../queries/insert-job.ts';
import { type EarlierJob, findAsked } from '../queries/repeat-job.ts';
import { judge } from './judge-job.ts';
import type { SubmitDeps } from './submit-job.ts';

/**
 * Submits what a finished job of the actor asked once more, seed included, as a new job that names it: a final state never changes. It is
 * judged as a new submission is, since device, limits and roles may be others by now. Gives the new job's id.
 *
 * Throws `execution.job_not_found`, `execution.job_unfinished`, and what `submitJob` throws of the device, the program and the limits.
 */
export async function retryJob(
  { checker, limits }: Pick<SubmitDeps, 'checker' | 'limits'>,
  actor: Actor,
  id: string,
): Promise<string> {
  const scope = { as: 'execution', actor: actor.userId } as const;
  const { earlier, device } = await getDb(
    async (db) => {
      const found = await findAsked(db, id);
      return { earlier: found, device: found && (await findDeviceByAddress(db, found.device)) };
    },
    { ...scope, readOnly: true },
  );
  if (!earlier) throw hubError('execution.job_not_found', { job: id });
  const { status, asked } = earlier;
  if (!isFinal(status)) throw hubError('execution.job_unfinished', { job: id, status });
  const refusal = priorityRefusal(actor.roles, priorities[asked.priority ?? 1] ?? 'normal');
  if (refusal) throw refusal;
  await judge(checker, earlier.device, device, questionOf(earlier));
  const { id: repeated } = await getDb(
    (db) => insertJob(db, { ...asked, id: newId(), retryOf: id }, limits),
    { ...scope, keepPlans: true },
  );
  return repeated;
}

function questionOf({ asked, source, language }: EarlierJob) {
  const { requestKind: kind, observables, shots, seed, memory, inputs } = asked;
  return {
    ...{ kind, observables, shots, seed, memory: memory ?? false },
    inputs: inputs as Readonly<Record<string, unknown>> | undefined,
    program: { language: portLanguage(language), source },
  };
}
