import type { Room } from './entry.ts';

export const executionErrors = {
  'execution.platform_not_found': {
    status: 404,
    message: 'platform[ {platform}] was not found; expected the id or the name of a platform',
    why: 'There is no such platform.',
    fix: 'List the platforms and use one of them.',
  },
  'execution.platform_name_taken': {
    status: 409,
    message: 'a platform named[ "{name}"] exists already; choose another name',
    why: 'The names of platforms are unique.',
    fix: 'Choose another name, or change the existing platform.',
  },
  'execution.device_not_found': {
    status: 404,
    message:
      'device[ {device}] was not found; expected platform and name, such as local/statevector, as the list of devices shows',
    why: 'There is no such device.',
    fix: 'List the devices and use one of them.',
  },
  'execution.device_name_taken': {
    status: 409,
    message: 'this platform has a device named[ "{name}"] already; choose another name',
    why: 'The names of one platform’s devices are unique.',
    fix: 'Choose another name, or change the existing device.',
  },
  'execution.job_not_found': {
    status: 404,
    message: 'job[ {job}] was not found; expected the id of one of your jobs',
    why: 'There is no such job, or it belongs to another user.',
    fix: 'List your jobs and use an id from there.',
  },
  'execution.job_exists': {
    status: 409,
    message: 'a job with the id[ {job}] exists already; make a new id',
    why: 'Two jobs with the same id.',
    fix: 'Make a new id with `newId()`.',
  },
  'execution.job_finished': {
    status: 409,
    message: 'job[ {job}] is finished and never changes; submit a new one',
    why: 'Completed, failed and cancelled are final: the database itself refuses to leave them.',
    fix: 'Submit a new job.',
  },
  'execution.job_transition_refused': {
    status: 409,
    message: 'job[ {job}] cannot go[ from {from}][ to {to}]; load it again and follow its states',
    why: 'A job changes its state only along the arrows of its state diagram.',
    fix: 'Load the job again and decide on its present state.',
  },
  'execution.history_kept': {
    status: 409,
    message: 'the history of a job never changes; expected a new event instead',
    why: 'Events of jobs are only ever added: the database itself refuses to change or delete them.',
    fix: 'Leave what is written, and add what has happened since.',
  },
  'execution.result_not_found': {
    status: 404,
    message:
      'the result of job[ {job}] was not found[: the job is {status}]; expected one of your completed jobs',
    why: 'The job has no result yet, or it belongs to another user.',
    fix: 'Wait until the job is completed.',
  },
  'execution.result_exists': {
    status: 409,
    message: 'job[ {job}] has a result already; a result is written once',
    why: 'A job has at most one result, and the id of the result is the id of the job.',
    fix: 'Read the existing result.',
  },
  'execution.too_many_jobs': {
    status: 429,
    message:
      'this user has {most} unfinished jobs, the most there may be; wait until some have finished, or cancel them',
    why: 'The operator limits how many jobs of one user may wait and run.',
    fix: 'Wait until some have finished, or cancel those that are not needed.',
  },
  'execution.job_cancelled': {
    status: 409,
    message: 'the job was cancelled',
    why: 'Its user or an operator cancelled it; this is the reason that is kept with it.',
    fix: 'Submit it again when it is still wanted.',
  },
  'execution.job_unfinished': {
    status: 409,
    message: 'job[ {job}] is {status}; expected a finished one: wait for its end, or cancel it',
    why: 'Only a finished job can be submitted again.',
    fix: 'Wait until it is completed, failed or cancelled.',
  },
  'execution.worker_lost': {
    status: 503,
    message: 'the worker that ran the job was lost',
    why: 'Its process was killed, it was cut off from the database, or it stopped renewing its lease.',
    fix: 'Nothing: the job is tried again by itself as often as it may be; else submit it again.',
  },
  'execution.worker_stopped': {
    status: 503,
    message: 'the worker stopped and handed the job back',
    why: 'An operator stopped the worker while the job ran longer than the time for stopping.',
    fix: 'Nothing: another worker takes the job; it does not count as a failure.',
  },
  'execution.run_time_exceeded': {
    status: 422,
    message: 'the job ran for {seconds} s, the time it may take, and was stopped',
    why: 'A job has a maximum run time, its own (`maxRunSeconds`) or that of the hub.',
    fix: 'Submit it with more time, fewer shots or a shallower program.',
  },
  'execution.program_rejected': {
    status: 422,
    message: 'the device refused the program: {reason}',
    why: 'The device judges a program once more when it runs, and found something that it does not run.',
    fix: 'Check the program for this device (`POST /v1/programs/check`) and correct what it names.',
  },
  'execution.device_missing': {
    status: 503,
    message: 'this worker has no device {device}; start one that serves it',
    why: 'The worker was started for other devices than the one the job was claimed for.',
    fix: 'Start a worker that serves the device.',
  },
  'execution.idempotency_key_reused': {
    status: 409,
    message: 'the idempotency key[ "{key}"] was used for another request; use a new key for a new request',
    why: 'An idempotency key stands for one request; the same key came with another one.',
    fix: 'Send the same request again under the same key, or a new request under a new key.',
  },
} as const satisfies Room<'execution'>;
