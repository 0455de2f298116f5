import { STATUS_CODES } from 'node:http';
import type { HubError } from '@quantum-hub/kernel';
import type { FastifyReply } from 'fastify';
import { type Problem, ProblemError, problemMediaType } from './problem.ts';

/** Callers that can't know better come back soon; a database that restarts needs some seconds. */
const retrySeconds = '5';

export function problemOf(error: HubError, requestId: string, errorsAt: string): Problem {
  return {
    type: `${errorsAt}/${error.code}`,
    title: STATUS_CODES[error.status] ?? 'Error',
    status: error.status,
    detail: `${error.publicMessage}.`,
    code: error.code,
    requestId,
    ...(error instanceof ProblemError && error.errors ? { errors: [...error.errors] } : {}),
  };
}

/** Sends an error as problem+json: the public text only, never the cause. */
export function sendProblem(reply: FastifyReply, error: HubError, errorsAt: string): void {
  const headers = error instanceof ProblemError ? error.headers : {};
  for (const [name, value] of Object.entries(headers)) reply.header(name, value);
  if (error.status === 401) reply.header('www-authenticate', 'Bearer realm="quantum-hub"');
  if (error.status === 503 && !('retry-after' in headers)) reply.header('retry-after', retrySeconds);
  reply
    .code(error.status)
    .header('content-type', problemMediaType)
    .header('cache-control', 'no-store')
    .header('x-request-id', reply.request.id)
    .send(JSON.stringify(problemOf(error, reply.request.id, errorsAt)));
}
