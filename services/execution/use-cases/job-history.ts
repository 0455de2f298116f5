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
import type { JobSignals } from '../worker/job-signals.ts';

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

/** Nothing heard for so long: look by oneself, since messages of a lost connection are lost. */
const lookAgainMs = 15_000;

/**
 * The changes of one's own job as they happen, from the one after `after` on, and how far it is in between; ends with the job. The first look is
 * the caller's: a job that may not be seen is an answer, not an empty stream.
 */
export async function watchEvents(
  signals: JobSignals,
  actor: Actor,
  id: string,
  { after, signal }: { readonly after: number; readonly signal: AbortSignal },
): Promise<AsyncIterable<JobNews>> {
  const watch = signals.watch(id);
  try {
    const first = await readEvents(actor, id, after);
    return follow(first, after);
  } catch (error) {
    watch[Symbol.dispose]();
    throw error;
  }

  async function* follow(first: Present, from: number): AsyncGenerator<JobNews> {
    using _ = watch;
    let last = from;
    let progress: number | null = null;
    for (let present = first; ; present = await readEvents(actor, id, last)) {
      for (const event of present.events) {
        last = event.number;
        yield { kind: 'event', event };
      }
      if (isFinal(present.status)) return;
      if (present.progress !== null && present.progress !== progress) {
        progress = present.progress;
        yield { kind: 'progress', progress };
      }
      if (signal.aborted) return;
      await watch.next(signal, lookAgainMs);
      if (signal.aborted) return;
    }
  }
}
