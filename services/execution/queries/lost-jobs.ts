import type { Db } from '@quantum-hub/database';
import { livenessLocks, reaperLock } from './channels.ts';

export interface LostJob {
  readonly id: string;
  readonly leaseToken: string;
  readonly status: 'running' | 'cancelling';
  readonly failures: number;
  readonly maxAttempts: number;
  /** Whether its lease ran out, and not only its worker's lock was gone. */
  readonly leaseOver: boolean;
}

/** True for one transaction at a time, until it ends: whoever gets it looks after what others left behind. */
export async function takeReaperTurn(db: Db): Promise<boolean> {
  const { rows } = await db.query<{ turn: boolean }>(
    `select pg_try_advisory_xact_lock(${reaperLock}, 0) as turn`,
  );
  return rows[0]?.turn === true;
}

/**
 * Workers that hold jobs and not their liveness lock. The kernel closes the connection of a killed process, so the lock is gone in a
 * moment; but a worker that only lost its connection takes it again soon, so this alone is asked twice before jobs are taken.
 */
export async function silentWorkers(db: Db): Promise<readonly number[]> {
  const { rows } = await db.query<{ worker: number }>(
    `select distinct worker_number as worker from execution.job_queue
      where status in ('running', 'cancelling') and worker_number not in (
        select objid::int8 from pg_catalog.pg_locks where locktype = 'advisory' and classid = ${livenessLocks} and objsubid = 2
           and granted and database = (select oid from pg_catalog.pg_database where datname = current_database()))`,
  );
  return rows.map(({ worker }) => worker);
}

/** Locks and gives jobs whose lease is over, or whose worker is among `workers`; at most 100 at a time. */
export async function lockLostJobs(db: Db, workers: readonly number[]): Promise<readonly LostJob[]> {
  const { rows } = await db.query<LostJob>(
    `select id, lease_token as "leaseToken", status, failures, max_attempts as "maxAttempts", lease_until < now() as "leaseOver"
       from execution.job_queue
      where status in ('running', 'cancelling') and (lease_until < now() or worker_number = any($1::int[]))
      order by lease_until limit 100 for update skip locked`,
    [workers],
  );
  return rows;
}
