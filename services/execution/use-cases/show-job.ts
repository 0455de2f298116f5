import { getDb } from '@quantum-hub/database';
import { type Actor, etagOf } from '@quantum-hub/http';
import { hubError } from '@quantum-hub/kernel';
import { isFinal } from '../domain/job-states.ts';
import { countedMost, type QueuePosition, queuePosition } from '../queries/queue-position.ts';
import { findJob, type JobRow } from '../queries/read-jobs.ts';
import type { ChangeSignals } from './change-signals.ts';

export { countedMost, type JobRow };

export type ShownJob = {
  readonly job: JobRow;
  /** While it waits for a slot. */
  readonly queue: QueuePosition | undefined;
};

/** One of one's own jobs, with its place in the queue. Throws `execution.job_not_found`. */
export async function showJob(actor: Actor, id: string): Promise<ShownJob> {
  const job = await getDb((db) => findJob(db, id), {
    as: 'execution',
    actor: actor.userId,
    readOnly: true,
    single: true,
  });
  if (!job) throw hubError('execution.job_not_found', { job: id });
  // Other users' jobs decide on the place: that is seen by the worker only, and asked once the job was seen.
  const queue =
    job.status === 'queued'
      ? await getDb((db) => queuePosition(db, id), { as: 'worker', readOnly: true, single: true })
      : undefined;
  return { job, queue };
}

/** Changes with everything that a job shows. */
export function jobTag({ job, queue }: ShownJob): string {
  const moving = [job.events, job.progress, queue?.position, queue?.depth].join(' ');
  return etagOf({ id: job.id, updatedAt: `${job.updatedAt.toISOString()} ${moving}` });
}

export type JobWait = {
  readonly seconds: number;
  /** The job's revision that the asker knows: a newer one is told at once. */
  readonly since?: number | undefined;
  readonly signal: AbortSignal;
};

/** The job once it has changed, is finished, or the time is over. Without `since`, a change is one from the moment of asking on. */
export async function waitForJob(
  signals: ChangeSignals,
  actor: Actor,
  id: string,
  { seconds, since, signal }: JobWait,
): Promise<ShownJob> {
  const end = performance.now() + seconds * 1000;
  let known = since;
  for (;;) {
    const enough = new AbortController();
    const timeoutMs = Math.max(0, end - performance.now());
    // Begun before the job is read: a change in between is not missed.
    const changed = signals.waitFor(id, { timeoutMs, signal: AbortSignal.any([signal, enough.signal]) });
    try {
      const shown = await showJob(actor, id);
      known ??= shown.job.events;
      if (shown.job.events > known || isFinal(shown.job.status) || timeoutMs === 0) return shown;
      // Progress is no revision: it wakes, and one goes on waiting.
      if (!(await changed)) return await showJob(actor, id);
    } finally {
      enough.abort();
    }
  }
}
