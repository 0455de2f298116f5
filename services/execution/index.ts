/** The front door of the execution service: jobs are taken and run, and waited for. */

export { openBlobStore } from './blobs/open-store.ts';
export { type BlobPlace, type BlobSettings, readBlobPlace } from './blobs/place.ts';
export type { BlobStore } from './blobs/store.ts';
export { failureClasses } from './domain/failures.ts';
export { isFinal, type JobOrigin, type JobStatus, jobStates, nextStatuses } from './domain/job-states.ts';
export { resultDocumentSchema } from './domain/result-document.ts';
export { type ExecutionDeps, executionRoutes } from './routes/index.ts';
export { type AccountOptions, ExecutionAccounts } from './use-cases/account.ts';
export { queueGauges } from './use-cases/queue-gauges.ts';
export { QueueWatch } from './use-cases/queue-watch.ts';
export { type Registration, registerDevices } from './use-cases/register-devices.ts';
export type { FinishedJob, RunKit } from './use-cases/run-job.ts';
export { runKit } from './use-cases/run-kit.ts';
export { type SweepResult, sweepBlobs } from './use-cases/sweep-blobs.ts';
export { type WorkerFigures, workerFigures } from './use-cases/worker-figures.ts';
export { JobSignals, type JobSignalsOptions } from './worker/job-signals.ts';
export { reaperReadiness, workerReadiness } from './worker/readiness.ts';
export { Reaper, type ReaperOptions } from './worker/reaper.ts';
export { Worker, type WorkerOptions } from './worker/worker.ts';
export type { WorkerLog } from './worker/worker-log.ts';
