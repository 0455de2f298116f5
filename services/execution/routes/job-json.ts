import { z } from 'zod';
import { jobStatuses } from '../domain/job-states.ts';
import { priorities } from '../domain/submission.ts';
import type { JobAttemptRow, JobEventRow, JobNews } from '../use-cases/job-history.ts';
import { countedMost, type JobRow, type ShownJob } from '../use-cases/show-job.ts';

const instant = z.iso.datetime();
const reason = z.object({ code: z.string(), message: z.string() });
export const jobStatus = z.enum(jobStatuses as [string, ...string[]]).meta({ id: 'JobStatus' });

const exampleJob = {
  id: '019ab2f4-7c30-7d62-8f4e-1f1f0a3c9b11',
  name: 'Bell pair',
  device: 'local/statevector',
  status: 'queued',
  program: {
    language: 'openqasm3',
    hash: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
  },
  request: { kind: 'counts' },
  shots: 1024,
  seed: 7,
  memory: false,
  inputs: {},
  priority: 'normal',
  maxAttempts: 3,
  attempts: 0,
  revision: 2,
  createdAt: '2026-11-23T10:00:00.000Z',
  queuedAt: '2026-11-23T10:00:00.000Z',
  queue: { position: 1, depth: 1, ahead: 0, exact: true },
};

export const jobSchema = z
  .object({
    id: z.uuid(),
    name: z.string(),
    device: z.string().describe('Platform and device: local/statevector.'),
    status: jobStatus,
    reason: reason.optional().describe('Why it failed or was cancelled.'),
    program: z.object({
      language: z.string(),
      hash: z.string().nullable().describe("SHA-256 of the program's bytes, hexadecimal."),
    }),
    request: z.object({ kind: z.string(), observables: z.array(z.string()).optional() }),
    shots: z.int().optional().describe('Absent: nothing is sampled.'),
    seed: z.int().optional(),
    memory: z.boolean(),
    inputs: z.record(z.string(), z.json()),
    priority: z.enum(priorities),
    scheduledFor: instant.optional(),
    maxRunSeconds: z.int().optional(),
    maxAttempts: z.int(),
    retryOf: z.uuid().optional().describe('The job that this one repeats.'),
    attempts: z.int().describe('How often it was started.'),
    revision: z.int().describe('The number of its last event: grows with every change.'),
    progress: z.number().min(0).max(1).optional().describe('Share of the present run that is done.'),
    createdAt: instant,
    queuedAt: instant.optional(),
    startedAt: instant.optional(),
    finishedAt: instant.optional(),
    queue: z
      .object({
        position: z.int().min(1).describe('It is the nth to start, as things stand.'),
        depth: z.int().min(1).describe('How many jobs wait for the device, this one among them.'),
        ahead: z.int().min(0).describe('How many start before it.'),
        exact: z
          .boolean()
          .describe(
            `false: the queue is not counted beyond ${countedMost} jobs; numbers that reach it say "so many or more".`,
          ),
      })
      .optional()
      .describe('While it waits for a slot; all of one moment.'),
  })
  .meta({ id: 'Job', examples: [exampleJob] });
export type JobJson = z.output<typeof jobSchema>;

/** What is not there is absent: no nulls. */
function present<T extends object>(members: T): { [K in keyof T]: Exclude<T[K], null> } {
  const entries = Object.entries(members).filter(([, value]) => value !== null && value !== undefined);
  return Object.fromEntries(entries) as { [K in keyof T]: Exclude<T[K], null> };
}

const iso = (date: Date | null) => date?.toISOString() ?? null;

export function jobJson({ job, queue }: ShownJob): JobJson {
  return {
    ...rowJson(job),
    ...(queue && { queue }),
  };
}

export function rowJson(job: JobRow): JobJson {
  const { errorCode, errorMessage, observables, programHash } = job;
  const members = {
    id: job.id,
    name: job.name,
    device: `${job.platform}/${job.device}`,
    status: job.status,
    reason: errorCode === null ? null : { code: errorCode, message: errorMessage ?? '' },
    program: { language: job.programLanguage ?? 'other', hash: programHash?.toString('hex') ?? null },
    request: { kind: job.requestKind, ...(observables && { observables: [...observables] }) },
    shots: job.shots,
    seed: job.seed,
    memory: job.memory,
    inputs: job.inputs as JobJson['inputs'],
    priority: priorities[job.priority] ?? 'normal',
    scheduledFor: iso(job.scheduledFor),
    maxRunSeconds: job.maxRunSeconds,
    maxAttempts: job.maxAttempts,
    retryOf: job.retryOf,
    attempts: job.attempts,
    revision: job.events,
    progress: job.progress,
    createdAt: job.createdAt.toISOString(),
    queuedAt: iso(job.queuedAt),
    startedAt: iso(job.startedAt),
    finishedAt: iso(job.finishedAt),
  };
  return present(members) as JobJson;
}

export const jobEventSchema = z
  .object({
    number: z.int().min(1).describe('From 1 on without gaps.'),
    at: instant,
    status: jobStatus.describe('Where the job stood after the change.'),
    origin: z.string().describe('Who made it: user, worker, reaper, operator, scheduler.'),
    attempt: z.int().optional(),
    reason: reason.optional(),
  })
  .meta({
    id: 'JobEvent',
    examples: [{ number: 2, at: '2026-11-23T10:00:00.000Z', status: 'queued', origin: 'user' }],
  });

export function eventJson(event: JobEventRow): z.output<typeof jobEventSchema> {
  const { number, at, status, origin, attempt, reasonCode, reasonMessage } = event;
  const why = reasonCode === null ? null : { code: reasonCode, message: reasonMessage ?? '' };
  return present({ number, at: at.toISOString(), status, origin, attempt, reason: why }) as z.output<
    typeof jobEventSchema
  >;
}

/** As a server-sent event: changes have ids, on which a client goes on after a lost connection; progress has none. */
export function newsEvent(news: JobNews) {
  if (news.kind === 'progress') return { event: 'progress', data: { progress: news.progress } };
  return { id: String(news.event.number), event: 'job', data: eventJson(news.event) };
}

export const jobAttemptSchema = z
  .object({
    number: z.int().min(1),
    startedAt: instant,
    finishedAt: instant.optional(),
    outcome: z
      .string()
      .optional()
      .describe('completed, failed, cancelled, handed_back, lost; absent: it runs.'),
    reason: reason.optional(),
    device: z.record(z.string(), z.json()).describe('The device as it was when the attempt began.'),
  })
  .meta({
    id: 'JobAttempt',
    examples: [
      {
        number: 1,
        startedAt: '2026-11-23T10:00:00.100Z',
        finishedAt: '2026-11-23T10:00:00.400Z',
        outcome: 'completed',
        device: { name: 'local/statevector', status: 'online' },
      },
    ],
  });

/** The worker's name tells host and process: it is for operators, in their logs. */
export function attemptJson(attempt: JobAttemptRow): z.output<typeof jobAttemptSchema> {
  const { number, startedAt, finishedAt, outcome, errorCode, errorMessage, deviceSnapshot } = attempt;
  const why = errorCode === null ? null : { code: errorCode, message: errorMessage ?? '' };
  const times = { startedAt: startedAt.toISOString(), finishedAt: iso(finishedAt) };
  return present({ number, ...times, outcome, reason: why, device: deviceSnapshot }) as z.output<
    typeof jobAttemptSchema
  >;
}
