import { getDb } from '@quantum-hub/database';
import { hubError, newId } from '@quantum-hub/kernel';
import { isFinal } from '../domain/job-states.ts';
import { insertJob, type SubmissionLimits } from '../queries/insert-job.ts';
import { findAsked } from '../queries/repeat-job.ts';

/**
 * Submits what a finished job of the actor asked once more, seed included, as a new job that names it: a final state never changes.
 * Gives the new job's id. Throws `execution.job_not_found`, `execution.job_unfinished`, `execution.too_many_jobs`.
 */
export async function retryJob(userId: string, id: string, limits: SubmissionLimits = {}): Promise<string> {
  return await getDb(
    async (db) => {
      const earlier = await findAsked(db, id);
      if (!earlier) throw hubError('execution.job_not_found', { job: id });
      const { status, asked } = earlier;
      if (!isFinal(status)) throw hubError('execution.job_unfinished', { job: id, status });
      const { id: repeated } = await insertJob(db, { ...asked, id: newId(), retryOf: id }, limits);
      return repeated;
    },
    { as: 'execution', actor: userId },
  );
}
