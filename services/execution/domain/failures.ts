/** Why an attempt failed, and whether and when the job is tried again. Pure: chance is handed in. */

type FailureClass = {
  readonly meaning: string;
  /** Undefined: never tried again. */
  readonly retry: { readonly firstDelayMs: number; readonly longestDelayMs: number } | undefined;
};

export const failureClasses = {
  program: { meaning: 'the program or the request is wrong, and would be wrong again', retry: undefined },
  limit: { meaning: 'it took more time or memory than it may, and would again', retry: undefined },
  device: {
    meaning: 'the device died, could not be reached or answered nonsense',
    retry: { firstDelayMs: 1000, longestDelayMs: 300_000 },
  },
  hub: {
    meaning: 'the hub could not load the job or store its result',
    retry: { firstDelayMs: 1000, longestDelayMs: 60_000 },
  },
  worker: {
    meaning: 'the worker was killed, cut off or stopped answering',
    retry: { firstDelayMs: 0, longestDelayMs: 30_000 },
  },
} as const satisfies Readonly<Record<string, FailureClass>>;

export type FailureKind = keyof typeof failureClasses;

/** What is kept of a failure: the code for programs, the text for people. */
export type Failure = { readonly kind: FailureKind; readonly code: string; readonly message: string };

export type AfterFailure = { readonly retry: true; readonly delayMs: number } | { readonly retry: false };

/**
 * What follows the `failures`th failure (this one included) of a job that may be tried `maxAttempts` times. Delays double and are
 * drawn from their upper half, so that jobs that failed together do not come back together.
 *
 * @param random from 0 up to 1
 */
export function afterFailure(
  kind: FailureKind,
  { failures, maxAttempts }: { readonly failures: number; readonly maxAttempts: number },
  random: number,
): AfterFailure {
  const { retry } = failureClasses[kind];
  if (retry === undefined || failures >= maxAttempts) return { retry: false };
  // The first loss of a worker costs no time; only a job that goes on losing workers is slowed down.
  const doubled = retry.firstDelayMs === 0 ? (failures - 1) * 1000 : retry.firstDelayMs * 2 ** (failures - 1);
  const delayMs = Math.min(doubled, retry.longestDelayMs);
  return { retry: true, delayMs: Math.round(delayMs * (0.5 + random / 2)) };
}

/** Codes that tell more than their status does. */
const kindByCode: Readonly<Record<string, FailureKind>> = {
  'execution.worker_lost': 'worker',
  'execution.device_failed': 'device',
  'execution.device_answer_invalid': 'device',
  'execution.device_missing': 'device',
  'execution.device_time_exceeded': 'limit',
  'execution.device_memory_exceeded': 'limit',
  'execution.run_time_exceeded': 'limit',
};

/** The kind of a failure by its error code and HTTP status: who is to blame decides whether another try can help. */
export function failureKindOf({
  code,
  status,
}: {
  readonly code: string;
  readonly status: number;
}): FailureKind {
  const known = Object.hasOwn(kindByCode, code) ? kindByCode[code] : undefined;
  if (known !== undefined) return known;
  if (code.startsWith('database.')) return 'hub';
  return status < 500 ? 'program' : 'device';
}
