import { getDb } from '@quantum-hub/database';
import type { Actor } from '@quantum-hub/http';
import { hubError } from '@quantum-hub/kernel';
import { deviceRequest, portLanguage } from '../domain/device-request.ts';
import type { ProgramChecker } from '../ports/index.ts';
import { findJob, findJobProgram } from '../queries/read-jobs.ts';
import { programHash } from './check-program.ts';

/**
 * The circuit of one's own job, drawn from the program as it ran; away from this process, as all programs are read. Throws
 * `execution.job_not_found`, `execution.circuit_unavailable` for what is no OpenQASM of the job's own.
 */
export async function showCircuit(
  { checker }: { readonly checker: ProgramChecker },
  actor: Actor,
  id: string,
  format: 'text' | 'svg',
): Promise<{ readonly drawing: string; readonly hash: string }> {
  const { job, source } = await getDb(
    async (db) => ({ job: await findJob(db, id), source: await findJobProgram(db, id) }),
    { as: 'execution', actor: actor.userId, readOnly: true },
  );
  if (!job) throw hubError('execution.job_not_found', { job: id });
  const language = job.programLanguage ?? 'that of an app';
  if (typeof source !== 'string' || portLanguage(language) !== 'openqasm') {
    throw hubError('execution.circuit_unavailable', { job: id, language });
  }
  const request = deviceRequest({ program: { language: 'openqasm', source }, kind: 'counts', seed: 0 });
  const { facts } = await checker.check(undefined, request, { circuit: format });
  if (facts?.circuit === undefined) throw hubError('execution.circuit_unavailable', { job: id, language });
  return { drawing: facts.circuit, hash: programHash(Buffer.from(source)) };
}
