import { performance } from 'node:perf_hooks';
import { type HubError, hubError, isHubError } from '@quantum-hub/kernel';
import { type Failure, failureKindOf } from '../domain/failures.ts';
import type {
  Device,
  DeviceAnswer,
  DeviceProfile,
  DeviceRequest,
  DeviceResult,
  ProgramErrors,
} from '../ports/index.ts';
import type { ClaimedJob } from '../queries/claim-job.ts';
import type { StoredResult } from '../queries/finish-attempt.ts';

/** A run that gave a result. */
export interface FinishedJob {
  readonly job: ClaimedJob;
  /** As it is kept with the attempt. */
  readonly deviceSnapshot: object;
  readonly request: DeviceRequest;
  readonly result: DeviceResult;
  readonly deviceMs: number;
}

/** How jobs are turned into requests and answers into rows. */
export interface RunKit {
  /** Throws what is wrong with the job itself. */
  request(job: ClaimedJob): DeviceRequest;
  /** Throws `execution.device_answer_invalid` for what is no answer to the request. */
  check(answer: unknown, request: DeviceRequest, device: DeviceProfile, job: ClaimedJob): DeviceAnswer;
  /** What the row of the result holds; a large document is in the blob store when it resolves. */
  keep(finished: FinishedJob): Promise<StoredResult>;
}

export interface RunJobOptions {
  readonly deviceSnapshot: object;
  /** Aborted to cancel the job, to hand it back, or when the lease is lost. */
  readonly signal: AbortSignal;
  readonly onProgress: (share: number) => void;
  /** For jobs that name no time of their own. */
  readonly maxRunSeconds: number;
  /** How long a device may take to stop when it is told to; after that the run is left to itself. */
  readonly hangMs: number;
}

export type RunOutcome =
  | { readonly kind: 'completed'; readonly result: StoredResult }
  | { readonly kind: 'failed'; readonly failure: Failure; readonly cause: unknown }
  /** The signal was aborted before there was an answer. */
  | { readonly kind: 'interrupted' };

/** Runs a claimed job on its device and never throws: whatever a device does ends in an outcome of the attempt. Writes no row. */
export async function runJob(
  job: ClaimedJob,
  device: Device,
  kit: RunKit,
  { deviceSnapshot, signal, onProgress, maxRunSeconds, hangMs }: RunJobOptions,
): Promise<RunOutcome> {
  const seconds = job.maxRunSeconds ?? maxRunSeconds;
  const time = AbortSignal.timeout(seconds * 1000);
  const stop = AbortSignal.any([signal, time]);
  try {
    const request = kit.request(job);
    const began = performance.now();
    const run = async () => await device.run(request, { signal: stop, onProgress: shareOf(onProgress) });
    const answer = kit.check(await withinReach(run(), stop, hangMs), request, device.profile, job);
    const deviceMs = performance.now() - began;
    if (!answer.ok) return rejected(answer.errors);
    return {
      kind: 'completed',
      result: await kit.keep({ job, deviceSnapshot, request, result: answer.result, deviceMs }),
    };
  } catch (error) {
    if (signal.aborted) return { kind: 'interrupted' };
    return failed(
      time.aborted ? hubError('execution.run_time_exceeded', { seconds }) : faultOf(error, device),
    );
  }
}

/** Progress as it is kept: 0 to 1 and never falling, whatever a device says. */
function shareOf(onProgress: (share: number) => void): (share: number) => void {
  let last = 0;
  return (share) => {
    if (!(share > last)) return;
    last = Math.min(share, 1);
    onProgress(last);
  };
}

/** The run's outcome; when it has not stopped `hangMs` after it was told to, it is given up. */
async function withinReach<T>(run: Promise<T>, stop: AbortSignal, hangMs: number): Promise<T> {
  const { promise: givenUp, reject } = Promise.withResolvers<never>();
  let timer: NodeJS.Timeout | undefined;
  const watch = () => {
    timer = setTimeout(() => reject(stop.reason), hangMs);
  };
  if (stop.aborted) watch();
  stop.addEventListener('abort', watch, { once: true });
  try {
    return await Promise.race([run, givenUp]);
  } finally {
    clearTimeout(timer);
    stop.removeEventListener('abort', watch);
  }
}

function faultOf(error: unknown, { profile }: Device): HubError {
  if (isHubError(error)) return error;
  return hubError(
    'execution.device_failed',
    { device: profile.name, reason: String(error) },
    { cause: error },
  );
}

function failed(error: HubError): RunOutcome {
  const failure = { kind: failureKindOf(error), code: error.code, message: error.publicMessage };
  return { kind: 'failed', failure, cause: error };
}

/** The device, judging once more, found errors in the program: the first one with its place is the reason. */
function rejected(errors: ProgramErrors): RunOutcome {
  const [first] = errors;
  const reason = first
    ? `line ${first.line}, column ${first.column}: ${first.message}`
    : 'it named no reason';
  return failed(hubError('execution.program_rejected', { reason }, { cause: errors }));
}
