/**
 * What the database tells the processes of the hub, and the locks they share. Nothing depends on a message: whoever waits for one
 * asks again after a second, since messages of a lost connection are lost.
 */

/** Payload: id of a device that has a job to start. */
export const queuedChannel = 'qhub_job_queued';
/** Payload: id of a job, a space, the number of its last event (the same again when only its progress changed). */
export const changedChannel = 'qhub_job_changed';
/** Payload: id of a running job that is to stop. */
export const cancelledChannel = 'qhub_job_cancelled';

/** First half of each worker's liveness lock; the second is the worker's number. */
export const livenessLocks = 7001;
/** `pg_advisory_xact_lock(7002, 0)`: the one reaper at a time. */
export const reaperLock = 7002;
/** First half of the lock under which one user's submissions are counted; the second is a hash of the user's id. */
export const submissionLocks = 7003;
/** First half of the lock under which one user's running jobs are counted. */
export const runningLocks = 7004;
