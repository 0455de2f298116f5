import { catalogue, type ErrorCode } from './catalogue.ts';
import type { ErrorEntry, ErrorParam, ParamsOf } from './entry.ts';
import { renderText } from './render.ts';

export type ErrorParams = Readonly<Record<string, ErrorParam | undefined>>;

/**
 * The one error of this project. `code` is a key of the catalogue, `status` its HTTP status, `message` the text for
 * operators, `publicMessage` the text for callers; whatever else is known stays in `cause` and never leaves the server.
 * Prefer `hubError`, which checks the parameters; the constructor is for codes known only at run time.
 */
export class HubError extends Error {
  override readonly name = 'HubError';
  readonly code: ErrorCode;
  readonly status: number;
  readonly publicMessage: string;
  readonly params: ErrorParams;

  constructor(code: ErrorCode, params: ErrorParams = {}, options: { cause?: unknown } = {}) {
    const entry: ErrorEntry = catalogue[code];
    super(renderText(entry.message, params), options);
    this.code = code;
    this.status = entry.status;
    this.publicMessage = renderText(entry.publicMessage ?? entry.message, params);
    this.params = Object.freeze({ ...params });
  }
}

type Params<Code extends ErrorCode> = ParamsOf<(typeof catalogue)[Code]>;
type Rest<Code extends ErrorCode> =
  Record<string, never> extends Params<Code>
    ? [params?: Params<Code>, options?: { cause?: unknown }]
    : [params: Params<Code>, options?: { cause?: unknown }];

/** Makes (does not throw) the error of a code: `throw hubError('identity.username_taken', { username }, { cause })`. */
export function hubError<Code extends ErrorCode>(code: Code, ...rest: Rest<Code>): HubError {
  const error = new HubError(code, rest[0] as ErrorParams | undefined, rest[1]);
  Error.captureStackTrace(error, hubError);
  return error;
}

/** True for a HubError, of the given code where one is named. */
export function isHubError(error: unknown, code?: ErrorCode): error is HubError {
  return error instanceof HubError && (code === undefined || error.code === code);
}
