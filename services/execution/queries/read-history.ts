import type { Db } from '@quantum-hub/database';
import type { JobOrigin, JobStatus } from '../domain/job-states.ts';

export interface JobEventRow {
  /** From 1 on without gaps: where a reader goes on after a lost connection. */
  readonly number: number;
  readonly at: Date;
  readonly status: JobStatus;
  readonly origin: JobOrigin;
  readonly attempt: number | null;
  readonly reasonCode: string | null;
  readonly reasonMessage: string | null;
}

/** What became of a job, oldest first, after the event with the number `after`; at most 1000. None for a job that may not be seen. */
export async function listEvents(db: Db, jobId: string, after = 0): Promise<JobEventRow[]> {
  const { rows } = await db.query<JobEventRow>(
    `select number, created_at as at, status, origin, attempt, reason_code as "reasonCode", reason_message as "reasonMessage"
       from execution.job_events where id = $1 and number > $2 order by number limit 1000`,
    [jobId, after],
  );
  return rows;
}

export interface JobAttemptRow {
  readonly number: number;
  readonly worker: string;
  readonly deviceSnapshot: Readonly<Record<string, unknown>>;
  readonly startedAt: Date;
  /** Null: it runs. */
  readonly finishedAt: Date | null;
  readonly outcome: 'completed' | 'failed' | 'cancelled' | 'handed_back' | 'lost' | null;
  readonly errorCode: string | null;
  readonly errorMessage: string | null;
}

/** The starts of a job, oldest first. None for a job that may not be seen. */
export async function listAttempts(db: Db, jobId: string): Promise<JobAttemptRow[]> {
  const { rows } = await db.query<JobAttemptRow>(
    `select number, worker_name as worker, device_snapshot as "deviceSnapshot", created_at as "startedAt",
            finished_at as "finishedAt", outcome, error_code as "errorCode", error_message as "errorMessage"
       from execution.job_attempts where id = $1 order by number`,
    [jobId],
  );
  return rows;
}

export interface JobResultRow {
  readonly counts: Readonly<Record<string, number>> | null;
  readonly data: Readonly<Record<string, unknown>> | null;
  readonly formatVersion: number;
  readonly shots: number;
  readonly durationMs: number;
  readonly createdAt: Date;
}

/** The result of a job that the actor may see; undefined: there is none. */
export async function findResult(db: Db, jobId: string): Promise<JobResultRow | undefined> {
  const { rows } = await db.query<JobResultRow>(
    `select counts, data, format_version as "formatVersion", shots, duration_ms as "durationMs", created_at as "createdAt"
       from execution.job_results where id = $1`,
    [jobId],
  );
  return rows[0];
}
