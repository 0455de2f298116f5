import { HubProblem, secondsOf } from '../problem.ts';

export type Fetch = (request: Request) => Promise<Response>;

export interface RetryOptions {
  /** How often a request is sent again at most; default 4. */
  readonly retries?: number;
  /** The first pause in milliseconds, doubled each time and drawn from half of it on; default 250. */
  readonly pauseMs?: number;
  /** The longest pause, also when the hub asks for a longer one: then its answer is given back. Default 30,000. */
  readonly longestPauseMs?: number;
  /** How long one try may take in milliseconds before it is given up; default 60,000. */
  readonly timeoutMs?: number;
  readonly fetch?: Fetch;
  /** For tests: waits, and rejects when the signal aborts. */
  readonly pause?: (milliseconds: number, signal: AbortSignal) => Promise<void>;
}

/** Sent twice they do what they do once (RFC 9110 9.2.2). */
const repeatable = new Set(['GET', 'HEAD', 'OPTIONS', 'PUT', 'DELETE']);
/** Too many requests, and answers of a proxy or of a hub that starts or stops. */
export const transient: ReadonlySet<number> = new Set([429, 502, 503, 504]);

/**
 * Sends a request, and sends it again when there was no answer or the hub said to come back later: only where the request may
 * be repeated, by its method or because it carries an `Idempotency-Key`. Throws `HubProblem` where no answer came.
 */
export function retryingFetch(options: RetryOptions = {}): Fetch {
  const { retries = 4, pauseMs = 250, longestPauseMs = 30_000, timeoutMs = 60_000 } = options;
  const { fetch = globalThis.fetch, pause = pauseFor } = options;
  return async (request) => {
    const mayRepeat = repeatable.has(request.method) || request.headers.has('idempotency-key');
    for (let attempt = 0; ; attempt += 1) {
      const last = !mayRepeat || attempt >= retries;
      const outcome = await once(fetch, last ? request : request.clone(), timeoutMs);
      if (outcome instanceof Response && (last || !transient.has(outcome.status))) return outcome;
      if (outcome instanceof HubProblem && last) throw outcome;
      const wait = waitBefore(attempt, outcome, { pauseMs, longestPauseMs });
      if (wait > longestPauseMs) return outcome as Response;
      if (outcome instanceof Response) await outcome.body?.cancel();
      await pause(wait, request.signal);
    }
  };
}

async function once(fetch: Fetch, request: Request, timeoutMs: number): Promise<Response | HubProblem> {
  const timeout = new AbortController();
  const timer = setTimeout(() => timeout.abort(), timeoutMs);
  try {
    const signal = AbortSignal.any([request.signal, timeout.signal]);
    const response = await fetch(new Request(request, { signal }));
    // A stream takes as long as there is something to send; documents have to be whole in time, and a cut one is asked for again.
    if (!/json/.test(response.headers.get('content-type') ?? '')) return response;
    const { status, statusText, headers } = response;
    const body = await response.arrayBuffer();
    return new Response(body.byteLength > 0 ? body : null, { status, statusText, headers });
  } catch (error) {
    // Whoever aborted knows why.
    request.signal.throwIfAborted();
    const { origin } = new URL(request.url);
    if (timeout.signal.aborted) {
      const message = `the hub at ${origin} did not answer within ${timeoutMs / 1000} s`;
      return new HubProblem({ status: 0, code: 'client.timeout', message }, { cause: error });
    }
    const message = `no hub answers at ${origin}: ${reasonOf(error)}; is it running, and is this its address?`;
    return new HubProblem({ status: 0, code: 'client.unreachable', message }, { cause: error });
  } finally {
    clearTimeout(timer);
  }
}

function waitBefore(
  attempt: number,
  outcome: Response | HubProblem,
  { pauseMs, longestPauseMs }: { pauseMs: number; longestPauseMs: number },
): number {
  const asked = outcome instanceof Response ? secondsOf(outcome.headers.get('retry-after')) : undefined;
  // Random, so that those who were sent away together don't come back together.
  const drawn = Math.min(longestPauseMs, pauseMs * 2 ** attempt) * (0.5 + Math.random() / 2);
  return asked === undefined ? drawn : Math.max(asked * 1000, drawn);
}

/** Node says "fetch failed" and puts the reason into the cause. */
function reasonOf(error: unknown): string {
  const cause = (error as { cause?: { code?: string; message?: string } }).cause;
  return cause?.code ?? cause?.message ?? (error as Error).message;
}

/** Rejects with the signal's reason as soon as it aborts. */
export function pauseFor(milliseconds: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = () => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', stop);
      resolve();
    }, milliseconds);
    if (signal?.aborted) stop();
    else signal?.addEventListener('abort', stop, { once: true });
  });
}
