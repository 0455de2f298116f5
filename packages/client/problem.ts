/** One fault of a request: where it is, and what was expected. Places in a program count from 1. */
export interface ProblemDetail {
  /** A member of the body, a parameter or a header: `body.shots`. */
  readonly path?: string;
  readonly line?: number;
  readonly column?: number;
  readonly length?: number;
  readonly code: string;
  readonly message: string;
  readonly expected?: string;
  readonly suggestion?: string;
}

/** What the hub answered instead of a result (RFC 9457), or that it did not answer at all (`client.*` codes, status 0). */
export class HubProblem extends Error {
  override readonly name = 'HubProblem';
  /** Of the HTTP answer; 0 where there was none. */
  readonly status: number;
  /** A code of docs/errors, such as `execution.job_not_found`. */
  readonly code: string;
  readonly errors: readonly ProblemDetail[];
  /** To be named when asking the people who run the hub. */
  readonly requestId: string | undefined;
  /** When to try again, in seconds, where the hub said so. */
  readonly retryAfterSeconds: number | undefined;

  constructor(
    facts: Pick<HubProblem, 'status' | 'code' | 'message'> &
      Partial<Pick<HubProblem, 'errors' | 'requestId' | 'retryAfterSeconds'>>,
    options?: ErrorOptions,
  ) {
    super(facts.message, options);
    this.status = facts.status;
    this.code = facts.code;
    this.errors = facts.errors ?? [];
    this.requestId = facts.requestId;
    this.retryAfterSeconds = facts.retryAfterSeconds;
  }
}

/** Something else than a hub answered with success: another server, or a proxy's own page. */
export function noHub(url: string, expected: string, cause?: unknown): HubProblem {
  const message = `what answers at ${url} is no Quantum Hub: it sent something else than ${expected}; is this its address?`;
  return new HubProblem({ status: 0, code: 'client.unexpected_answer', message }, { cause });
}

/** Reads an answer that is no success; a proxy's page or a cut body becomes a problem too. */
export async function readProblem(response: Response): Promise<HubProblem> {
  const { status, headers } = response;
  const text = await response.text().catch(() => '');
  const body = parsed(text);
  const requestId = stringOf(body.requestId) ?? headers.get('x-request-id') ?? undefined;
  return new HubProblem({
    status,
    code: stringOf(body.code) ?? 'client.unexpected_answer',
    message: stringOf(body.detail) ?? `the hub answered ${status} ${response.statusText}, without saying why`,
    errors: Array.isArray(body.errors) ? (body.errors as ProblemDetail[]) : [],
    requestId,
    retryAfterSeconds: secondsOf(headers.get('retry-after')),
  });
}

function parsed(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    return value !== null && typeof value === 'object' ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

function stringOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** `Retry-After`: seconds, or a date (RFC 9110 10.2.3). */
export function secondsOf(text: string | null, now = Date.now()): number | undefined {
  if (text === null || text.trim() === '') return undefined;
  const seconds = Number(text);
  if (Number.isFinite(seconds)) return Math.max(0, seconds);
  const date = Date.parse(text);
  return Number.isNaN(date) ? undefined : Math.max(0, (date - now) / 1000);
}
