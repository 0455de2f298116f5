import { type Db, getDb } from '@quantum-hub/database';
import { hubError, isHubError } from '@quantum-hub/kernel';
import { afterFailure, type Failure } from '../domain/failures.ts';
import { cancelReason } from '../queries/cancel-job.ts';
import { type Claim, type ClaimedJob, claimJob } from '../queries/claim-job.ts';
import { finishAttempt, type StoredResult } from '../queries/finish-attempt.ts';
import { returnJob } from '../queries/return-job.ts';
import { together } from '../queries/together.ts';

export type AttemptEnd =
  | { readonly kind: 'completed'; readonly result: StoredResult }
  | { readonly kind: 'failed'; readonly failure: Failure }
  | { readonly kind: 'cancelled' }
  /** By a worker that stops: no failure, and others may take it at once. */
  | { readonly kind: 'handed_back' };

/** What became of the job; `lost`: the lease was gone, and nothing was written. */
export type AfterAttempt = 'completed' | 'failed' | 'cancelled' | 'queued' | 'lost';

/** Writes the end of an attempt, in one transaction behind its lease. Database errors are thrown: the end is still unwritten then. */
export async function endAttempt(
  job: ClaimedJob,
  end: AttemptEnd,
  random = Math.random,
): Promise<AfterAttempt> {
  // Its statements find rows by the job's id. With kept plans finishing took 0.56 of the time with 14 partitions, 0.89 with 104.
  return await getDb((db) => write(db, job, end, random), { as: 'worker', keepPlans: true });
}

/**
 * The same, and takes the next job of the same device in the slot that this one leaves: one transaction for both costs half of two.
 * Throws `ClaimTakenBack` as a claim does; then the end is unwritten too.
 */
export async function endAndClaim(
  job: ClaimedJob,
  end: AttemptEnd,
  claim: Claim,
  random = Math.random,
): Promise<{ readonly after: AfterAttempt; readonly next: ClaimedJob | undefined }> {
  return await getDb(
    async (db) => {
      // Asked for at once: one round trip for both. Whether the lease was lost does not matter to the claim.
      const [after, next] = await together([write(db, job, end, random), claimJob(db, claim)]);
      return { after, next };
    },
    { as: 'worker', keepPlans: true },
  );
}

async function write(db: Db, job: ClaimedJob, end: AttemptEnd, random: () => number): Promise<AfterAttempt> {
  switch (end.kind) {
    case 'completed':
      return (await finishAttempt(db, job, { status: 'completed', result: end.result }))
        ? 'completed'
        : 'lost';
    case 'cancelled':
      return await stop(db, job);
    case 'handed_back': {
      const { code, message } = hubError('execution.worker_stopped');
      return await giveBack(db, job, { outcome: 'handed_back', reason: { code, message }, delayMs: 0 });
    }
    case 'failed': {
      const { kind, code, message } = end.failure;
      const reason = { code, message };
      const tried = { failures: job.failures + 1, maxAttempts: job.maxAttempts };
      const next = afterFailure(kind, tried, random());
      if (next.retry) return await giveBack(db, job, { outcome: 'failed', reason, delayMs: next.delayMs });
      return (await finishAttempt(db, job, { status: 'failed', reason })) ? 'failed' : 'lost';
    }
  }
}

type Return = Pick<Parameters<typeof returnJob>[1], 'outcome' | 'reason' | 'delayMs'>;

/** A job that is to be cancelled is not started again: it ends here. */
async function giveBack(db: Db, { id, leaseToken }: ClaimedJob, back: Return): Promise<AfterAttempt> {
  if (await returnJob(db, { id, leaseToken, origin: 'worker', ...back })) return 'queued';
  return await stop(db, { id, leaseToken });
}

async function stop(db: Db, lease: Pick<ClaimedJob, 'id' | 'leaseToken'>): Promise<AfterAttempt> {
  return (await finishAttempt(db, lease, { status: 'cancelled', reason: cancelReason }))
    ? 'cancelled'
    : 'lost';
}

/** Whether the database may take the same end later: it was not to be reached, or too busy. */
export function mayPass(error: unknown): boolean {
  return isHubError(error) && passing.has(error.code);
}

const passing: ReadonlySet<string> = new Set([
  'database.connection_lost',
  'database.unreachable',
  'database.too_many_connections',
  'database.pool_exhausted',
  'database.serialization_failed',
  'database.lock_timeout',
  'database.statement_timeout',
  'database.read_only',
  'database.idle_timeout',
]);
