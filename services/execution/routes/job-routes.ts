import { Answer, pageQuery, pageSchema, type Route, route } from '@quantum-hub/http';
import { z } from 'zod';
import { deviceAddress, type Submission, submissionSchema } from '../domain/submission.ts';
import { cancelJob, cancelJobAsOperator } from '../use-cases/cancel-job.ts';
import type { ChangeSignals } from '../use-cases/change-signals.ts';
import { listJobs } from '../use-cases/list-jobs.ts';
import { retryJob } from '../use-cases/retry-job.ts';
import { jobTag, type ShownJob, showJob, waitForJob } from '../use-cases/show-job.ts';
import { type SubmitDeps, submitJob } from '../use-cases/submit-job.ts';
import { jobJson, jobSchema, jobStatus, rowJson } from './job-json.ts';

export const jobParams = z.strictObject({ id: z.uuid().toLowerCase().describe("The job's id.") });
export const submitBytes = 8 * 1024 * 1024;

const answered = (status: number, shown: ShownJob, headers = {}) =>
  new Answer(status, jobJson(shown), { etag: jobTag(shown), ...headers });

const exampleSubmission = {
  device: 'local/statevector',
  program: {
    language: 'openqasm',
    source:
      'OPENQASM 3.0; include "stdgates.inc"; qubit[2] q; bit[2] c; h q[0]; cx q[0], q[1]; c = measure q;',
  },
  shots: 1024,
  seed: 7,
};

const submit = (deps: SubmitDeps) =>
  route({
    method: 'POST',
    path: '/v1/jobs',
    name: 'submitJob',
    summary: 'Submits a program to run on a device.',
    description:
      'The program, its inputs and what is asked are judged before the job is queued: 422 lists every error with its line and column. With an `Idempotency-Key` the same request sent again gives the same job, with 200 and `Idempotency-Replayed: true`; another request under that key is 409.',
    tag: 'Jobs',
    access: { scope: 'execution:write' },
    body: submissionSchema,
    answers: { 201: jobSchema, 200: jobSchema },
    errors: [
      'execution.program_invalid',
      'execution.program_too_large',
      'execution.inputs_too_large',
      'execution.memory_too_large',
      'execution.check_time_exceeded',
      'execution.device_not_found',
      'execution.device_unavailable',
      'execution.shots_out_of_range',
      'execution.request_not_served',
      'execution.language_not_served',
      'execution.observable_invalid',
      'execution.priority_not_allowed',
      'execution.schedule_out_of_range',
      'execution.idempotency_key_reused',
      'execution.too_many_jobs',
    ],
    idempotency: 'own',
    maxBodyBytes: submitBytes,
    examples: { body: exampleSubmission },
    async handle({ actor, body, headers }) {
      const key = headers['idempotency-key'];
      const { id, repeated } = await submitJob(deps, actor, body as Submission, key);
      const shown = await showJob(actor, id);
      if (repeated) return answered(200, shown, { 'idempotency-replayed': 'true' });
      return answered(201, shown, { location: `/v1/jobs/${id}` });
    },
  });

const list = route({
  method: 'GET',
  path: '/v1/jobs',
  name: 'listJobs',
  summary: 'Lists your jobs, newest first.',
  tag: 'Jobs',
  access: { scope: 'execution:read' },
  query: z.strictObject({
    ...pageQuery,
    status: jobStatus.optional(),
    device: deviceAddress.optional(),
  }),
  answers: { 200: pageSchema(jobSchema) },
  errors: ['execution.device_not_found'],
  async handle({ actor, query }) {
    const { items, nextCursor } = await listJobs(actor, query as Parameters<typeof listJobs>[1]);
    return { items: items.map(rowJson), ...(nextCursor && { nextCursor }) };
  },
});

const show = (signals: ChangeSignals) =>
  route({
    method: 'GET',
    path: '/v1/jobs/:id',
    name: 'showJob',
    summary: 'Shows one of your jobs; with `wait` when it has changed.',
    description:
      'With `wait` the answer comes as soon as the job has a newer revision than `since` (without it: than when you asked), is finished, or the seconds are over. No client needs to poll.',
    tag: 'Jobs',
    access: { scope: 'execution:read' },
    params: jobParams,
    query: z.strictObject({
      wait: z.coerce.number().int().min(0).max(60).default(0).describe('Seconds to wait at most.'),
      since: z.coerce.number().int().min(0).optional().describe('The revision of the job that you know.'),
    }),
    answers: { 200: jobSchema },
    errors: ['execution.job_not_found'],
    conditional: true,
    maxSeconds: 90,
    async handle({ actor, params, query, signal, stopping }) {
      const { wait, since } = query;
      if (wait === 0) return answered(200, await showJob(actor, params.id));
      const either = AbortSignal.any([signal, stopping]);
      return answered(
        200,
        await waitForJob(signals, actor, params.id, { seconds: wait, since, signal: either }),
      );
    },
  });

const cancel = route({
  method: 'POST',
  path: '/v1/jobs/:id/cancel',
  name: 'cancelJob',
  summary: 'Cancels one of your jobs, wherever it stands.',
  description:
    'A job that waits is cancelled at once. One that runs is `cancelling` until its worker has stopped it; a result that was there first wins. Asked again it answers the same; only a job that has completed or failed is refused.',
  tag: 'Jobs',
  access: { scope: 'execution:write' },
  params: jobParams,
  answers: { 200: jobSchema },
  errors: ['execution.job_not_found', 'execution.job_finished'],
  async handle({ actor, params }) {
    await cancelJob(actor.userId, params.id);
    return answered(200, await showJob(actor, params.id));
  },
});

const cancelledByOperator = z.object({ id: z.uuid(), status: jobStatus }).meta({
  id: 'CancelledJob',
  examples: [{ id: '019ab2f4-7c30-7d62-8f4e-1f1f0a3c9b11', status: 'cancelled' }],
});

const cancelAny = route({
  method: 'POST',
  path: '/v1/operator/jobs/:id/cancel',
  name: 'cancelAnyJob',
  summary: "Cancels anybody's job (operators); its history says who did.",
  tag: 'Jobs',
  access: { scope: 'hub:operate', role: 'operator' },
  params: jobParams,
  answers: { 200: cancelledByOperator },
  errors: ['execution.job_not_found', 'execution.job_finished'],
  async handle({ actor, params }) {
    // Whose job it is and what it runs stays between its user and the hub.
    return { id: params.id, status: await cancelJobAsOperator(actor.userId, params.id) };
  },
});

const retry = (deps: SubmitDeps) =>
  route({
    method: 'POST',
    path: '/v1/jobs/:id/retry',
    name: 'retryJob',
    summary: 'Submits a finished job again, as a new job that names it.',
    description:
      'It is judged as a new submission is: the device, your limits and your roles may be others by now.',
    tag: 'Jobs',
    access: { scope: 'execution:write' },
    params: jobParams,
    answers: { 201: jobSchema },
    errors: [
      'execution.job_not_found',
      'execution.job_unfinished',
      'execution.program_invalid',
      'execution.memory_too_large',
      'execution.check_time_exceeded',
      'execution.device_not_found',
      'execution.device_unavailable',
      'execution.shots_out_of_range',
      'execution.request_not_served',
      'execution.language_not_served',
      'execution.priority_not_allowed',
      'execution.too_many_jobs',
    ],
    idempotency: 'kept',
    async handle({ actor, params }) {
      const id = await retryJob(deps, actor, params.id);
      return answered(201, await showJob(actor, id), { location: `/v1/jobs/${id}` });
    },
  });

export function jobRoutes(deps: SubmitDeps & { readonly signals: ChangeSignals }): readonly Route[] {
  return [submit(deps), list, show(deps.signals), cancel, cancelAny, retry(deps)];
}
