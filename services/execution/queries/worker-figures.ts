import type { Db } from '@quantum-hub/database';
import { uuidv7Floor } from '@quantum-hub/kernel';
import { livenessLocks } from './channels.ts';

export interface WorkerFigures {
  /** Workers that are alive now, on every host: each holds its lock for as long as its process is connected. */
  readonly workers: number;
  /** Jobs that could start. */
  readonly waiting: number;
  readonly running: number;
  /** How long the oldest job that could start has waited, in seconds; 0 without one. */
  readonly oldestSeconds: number;
}

export interface AttemptFigure {
  /** As attempts have it; `runs` for one that has not ended. */
  readonly outcome: string;
  readonly attempts: number;
}

/** How the attempts of the newest jobs ended (as `worker`): of the jobs made since then, 10,000 attempts at most. */
export async function readAttemptFigures(db: Db, since: Date): Promise<AttemptFigure[]> {
  const { rows } = await db.query<AttemptFigure>(
    `select coalesce(outcome, 'runs') as outcome, count(*)::int as attempts
       from (select outcome from execution.job_attempts where id >= $1 order by id desc limit 10000) newest group by 1`,
    [uuidv7Floor(since)],
  );
  return rows;
}

const workersAlive = `(select count(*) from pg_catalog.pg_locks where locktype = 'advisory' and classid = ${livenessLocks}
  and objsubid = 2 and granted
  and database = (select oid from pg_catalog.pg_database where datname = current_database()))::int`;

/** Who works; asks nothing of the queue, however long it is. */
export async function countWorkers(db: Db): Promise<number> {
  const { rows } = await db.query<{ workers: number }>(`select ${workersAlive} as workers`);
  return rows[0]?.workers ?? 0;
}

/** Who works, and how much waits (as `worker`, who sees everybody's jobs). */
export async function readWorkerFigures(db: Db): Promise<WorkerFigures> {
  const { rows } = await db.query<WorkerFigures>(
    `select ${workersAlive} as workers,
            count(*) filter (where status = 'queued')::int as waiting,
            count(*) filter (where status in ('running', 'cancelling'))::int as running,
            coalesce(extract(epoch from now() - min(run_at) filter (where status = 'queued')), 0)::float8 as "oldestSeconds"
       from execution.job_queue`,
  );
  return rows[0] as WorkerFigures;
}
