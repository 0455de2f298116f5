import { type Db, getDb } from '@quantum-hub/database';
import { hubError } from '@quantum-hub/kernel';
import { afterFailure } from '../domain/failures.ts';
import { cancelReason } from '../queries/cancel-job.ts';
import { queueDueJobs } from '../queries/due-jobs.ts';
import { finishAttempt } from '../queries/finish-attempt.ts';
import { type LostJob, lockLostJobs, silentWorkers, takeReaperTurn } from '../queries/lost-jobs.ts';
import { returnJob } from '../queries/return-job.ts';

export interface Reaped {
  /** Workers whose liveness lock is gone while they hold jobs. */
  readonly silent: readonly number[];
  /** Jobs that were taken from lost workers. */
  readonly lost: readonly string[];
  /** Jobs whose time had come. */
  readonly due: number;
}

/**
 * Looks once after what workers left behind and what is due; undefined: another process does it at this moment.
 *
 * @param gone workers that have been silent for so long that their jobs are taken from them if they still are
 */
export async function reapJobs(gone: readonly number[], random = Math.random): Promise<Reaped | undefined> {
  return await getDb(
    async (db) => {
      if (!(await takeReaperTurn(db))) return undefined;
      const silent = await silentWorkers(db);
      const lost = await lockLostJobs(
        db,
        silent.filter((worker) => gone.includes(worker)),
      );
      for (const job of lost) await takeBack(db, job, random());
      return { silent, lost: lost.map(({ id }) => id), due: await queueDueJobs(db) };
    },
    { as: 'worker' },
  );
}

/** The same as the job's worker would do for a failure, with the token that the worker still has: afterwards it has none. */
async function takeBack(db: Db, job: LostJob, random: number): Promise<void> {
  const { id, leaseToken, failures, maxAttempts } = job;
  if (job.status === 'cancelling') {
    await finishAttempt(db, job, { status: 'cancelled', reason: cancelReason }, 'reaper');
    return;
  }
  const { code, message } = hubError('execution.worker_lost');
  const reason = { code, message };
  const next = afterFailure('worker', { failures: failures + 1, maxAttempts }, random);
  if (next.retry) {
    await returnJob(db, { id, leaseToken, outcome: 'lost', reason, delayMs: next.delayMs, origin: 'reaper' });
  } else {
    await finishAttempt(db, job, { status: 'failed', reason }, 'reaper');
  }
}
