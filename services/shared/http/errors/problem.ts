import { type ErrorCode, type ErrorParams, HubError } from '@quantum-hub/kernel';
import { z } from 'zod';
import type { AnswerHeaders } from '../answers/answer.ts';

/** One of several faults: a place in the request, or in the program that it carries. */
export const problemDetailSchema = z
  .object({
    path: z
      .string()
      .optional()
      .describe('Place in the request as a JSON pointer (RFC 6901): /body/shots, /query/limit.'),
    line: z.int().min(1).optional().describe('Line of the program, from 1.'),
    column: z.int().min(1).optional().describe('Column in UTF-16 units, from 1.'),
    length: z.int().min(0).optional().describe('How many characters it is about.'),
    code: z.string().describe('What is wrong, for programs.'),
    message: z.string().describe('What is wrong, for people.'),
    expected: z.string().optional(),
    suggestion: z.string().optional(),
  })
  .meta({ id: 'ProblemDetail' });
export type ProblemDetail = z.output<typeof problemDetailSchema>;

/** Every error answer (RFC 9457), with the media type application/problem+json. */
export const problemSchema = z
  .object({
    type: z.string().describe('Address of the page that explains the code.'),
    title: z.string().describe('The name of the status.'),
    status: z.int().min(400).max(599),
    detail: z.string().describe('One sentence: what is wrong, what was expected, what to do.'),
    code: z.string().describe('What went wrong, for programs: never changes its meaning.'),
    requestId: z.string().describe('Names this request in the log of the server.'),
    errors: z
      .array(problemDetailSchema)
      .optional()
      .describe('Where several places are wrong: each of them, or the first ones where there are many.'),
  })
  .meta({ id: 'Problem' });
export type Problem = z.output<typeof problemSchema>;

export const problemMediaType = 'application/problem+json';

export interface ProblemExtras {
  readonly errors?: readonly ProblemDetail[];
  readonly headers?: AnswerHeaders;
  readonly cause?: unknown;
}

/** A HubError with more to say to an HTTP caller: a list of faults, or header fields. */
export class ProblemError extends HubError {
  readonly errors: readonly ProblemDetail[] | undefined;
  readonly headers: AnswerHeaders;

  constructor(code: ErrorCode, params: ErrorParams, { errors, headers = {}, cause }: ProblemExtras) {
    super(code, params, { cause });
    this.errors = errors;
    this.headers = headers;
  }
}

/** Makes (does not throw) the error of a code with a list of faults or header fields. */
export function problem(code: ErrorCode, params: ErrorParams, extras: ProblemExtras): ProblemError {
  return new ProblemError(code, params, extras);
}
