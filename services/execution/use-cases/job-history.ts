import { getDb } from '@quantum-hub/database';
import type { Actor } from '@quantum-hub/http';
import { hubError } from '@quantum-hub/kernel';
import { isFinal, type JobStatus } from '../domain/job-states.ts';
import {
  type JobAttemptRow,
  type JobEventRow,
  listAttempts,
  listEvents as listEventRows,
} from '../queries/read-history.ts';
import { findJob } from '../queries/read-jobs.ts';
import type { ChangeSignals } from './change-signals.ts';

export type { JobAttemptRow, JobEventRow };

type Present = {
  readonly events: JobEventRow[];
  readonly status: JobStatus;
  readonly progress: number | null;
};

/** What became of a job after one of its events, and where it stands. Throws `execution.job_not_found`. */
async function readEvents(actor: Actor, id: string, after: number): Promise<Present> {
  return await getDb(
    async (db) => {
      // The events first: whoever reads a final status has all of them.
      const job = await findJob(db, id);
      if (!job) throw hubError('execution.job_not_found', { job: id });
      return { events: await listEventRows(db, id, after), status: job.status, progress: job.progress };
    },
    { as: 'execution', actor: actor.userId, readOnly: true, isolation: 'repeatable read' },
  );
}

/** The changes of one's own job, oldest first. */
export async function listEvents(actor: Actor, id: string, after = 0): Promise<JobEventRow[]> {
  return (await readEvents(actor, id, after)).events;
}

/** The starts of one's own job. */
export async function listJobAttempts(actor: Actor, id: string): Promise<JobAttemptRow[]> {
  return await getDb(
    async (db) => {
      if (!(await findJob(db, id))) throw hubError('execution.job_not_found', { job: id });
      return await listAttempts(db, id);
    },
    { as: 'execution', actor: actor.userId, readOnly: true },
  );
}

export type JobNews =
  | { readonly kind: 'event'; readonly event: JobEventRow }
  | { readonly kind: 'progress'; readonly progress: number };

/**
 * The changes of one's own job as they happen, from the one after `after` on, and how far it is in between; ends with the job. A job that may
 * not be seen is an error at once, not an empty stream.
 */
export async function watchEvents(
  signals: ChangeSignals,
  actor: Actor,
  id: string,
  { after, signal }: { readonly after: number; readonly signal: AbortSignal },
): Promise<AsyncIterable<JobNews>> {
  await readEvents(actor, id, after);
  return follow(signals, actor, id, { after, signal });
}

async function* follow(
  signals: ChangeSignals,
  actor: Actor,
  id: string,
  { after, signal }: { readonly after: number; readonly signal: AbortSignal },
): AsyncGenerator<JobNews> {
  let last = after;
  let told: number | null = null;
  for await (const _ of signals.changes(id, signal)) {
    const { events, status, progress } = await readEvents(actor, id, last);
    for (const event of events) {
      last = event.number;
      yield { kind: 'event', event };
    }
    if (isFinal(status)) return;
    if (progress !== null && progress !== told) yield { kind: 'progress', progress };
    told = progress;
  }
}
