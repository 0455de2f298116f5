/** The states of a job and the ways between them: closed, and the only place that says so. docs/job-states.md is made of it. */

export const jobOrigins = ['user', 'worker', 'reaper', 'operator', 'scheduler'] as const;
/** Who changes a job: its user, a worker, the reaper of lost workers, an operator, the clock of scheduled jobs. */
export type JobOrigin = (typeof jobOrigins)[number];

type Arrow = { readonly when: string; readonly by: readonly JobOrigin[] };
type State = { readonly meaning: string; readonly arrows: Readonly<Record<string, Arrow>> };

/** In the order of a job's life. The trigger `keep_finished` of execution.jobs holds the same arrows; a test compares. */
export const jobStates = {
  created: {
    meaning: 'It was accepted and waits for its time (`scheduledFor`).',
    arrows: {
      queued: { when: 'its time has come', by: ['scheduler'] },
      failed: { when: 'it can never be started', by: ['worker', 'operator'] },
      cancelled: { when: 'it is cancelled', by: ['user', 'operator'] },
    },
  },
  queued: {
    meaning: 'It waits for a slot of its device, or for the next try after a failure.',
    arrows: {
      running: { when: 'a worker takes it', by: ['worker'] },
      failed: { when: 'it can never be started', by: ['worker', 'operator'] },
      cancelled: { when: 'it is cancelled', by: ['user', 'operator'] },
    },
  },
  running: {
    meaning: 'A worker runs it on the device.',
    arrows: {
      completed: { when: 'the result is stored', by: ['worker'] },
      failed: { when: 'it went wrong and is not tried again', by: ['worker', 'reaper'] },
      cancelling: { when: 'it is cancelled', by: ['user', 'operator'] },
      cancelled: { when: 'the device itself cancelled it', by: ['worker'] },
      queued: { when: 'it is tried again, or its worker stops', by: ['worker', 'reaper'] },
    },
  },
  cancelling: {
    meaning: 'It is to stop; its worker has not said yet that it has.',
    arrows: {
      cancelled: { when: 'it has stopped, or its worker is lost', by: ['worker', 'reaper'] },
      completed: { when: 'the result was there first', by: ['worker'] },
      failed: { when: 'it went wrong first', by: ['worker'] },
    },
  },
  completed: { meaning: 'Its result is stored.', arrows: {} },
  failed: { meaning: 'It ended without a result; the reason says why.', arrows: {} },
  cancelled: { meaning: 'It was stopped before it had a result.', arrows: {} },
} as const satisfies Readonly<Record<string, State>>;

export type JobStatus = keyof typeof jobStates;
export type FinalStatus = 'completed' | 'failed' | 'cancelled';

export const jobStatuses = Object.keys(jobStates) as readonly JobStatus[];

/** Where a job can go from where it is. */
export function nextStatuses(status: JobStatus): readonly JobStatus[] {
  return Object.keys(jobStates[status].arrows) as JobStatus[];
}

/** Whether nothing can change it any more. */
export function isFinal(status: JobStatus): status is FinalStatus {
  return nextStatuses(status).length === 0;
}

export function canBecome(from: JobStatus, to: JobStatus): boolean {
  return nextStatuses(from).includes(to);
}
