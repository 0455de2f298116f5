import { getDb } from '@quantum-hub/database';
import { hubError } from '@quantum-hub/kernel';
import { cancelJob as cancel } from '../queries/cancel-job.ts';

/**
 * Cancels a job of the actor. A job that waits is cancelled at once; one that runs is told to stop, and is `cancelling` until it has.
 * Asking again gives the same answer and changes nothing. Throws `execution.job_not_found`, and `execution.job_finished` for one that has
 * completed or failed.
 */
export async function cancelJob(userId: string, id: string): Promise<'cancelled' | 'cancelling'> {
  const request = { id, origin: 'user', actorId: userId } as const;
  return outcomeOf(id, await getDb((db) => cancel(db, request), { as: 'execution', actor: userId }));
}

/** The same for anybody's job, by an operator: the caller has made sure that the actor is one. */
export async function cancelJobAsOperator(
  operatorId: string,
  id: string,
): Promise<'cancelled' | 'cancelling'> {
  const request = { id, origin: 'operator', actorId: operatorId } as const;
  return outcomeOf(id, await getDb((db) => cancel(db, request), { as: 'worker' }));
}

function outcomeOf(job: string, outcome: Awaited<ReturnType<typeof cancel>>): 'cancelled' | 'cancelling' {
  if (outcome === 'unknown') throw hubError('execution.job_not_found', { job });
  if (outcome === 'finished') throw hubError('execution.job_finished', { job });
  return outcome;
}
