/** The front door of the execution service: jobs are taken and run, and waited for. */

export type { FinishedJob, RunKit } from './use-cases/run-job.ts';
export { JobSignals, type JobSignalsOptions } from './worker/job-signals.ts';
export { Reaper, type ReaperOptions } from './worker/reaper.ts';
export { Worker, type WorkerOptions } from './worker/worker.ts';
export type { WorkerLog } from './worker/worker-log.ts';
