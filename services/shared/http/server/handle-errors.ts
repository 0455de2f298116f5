import type { HubError } from '@quantum-hub/kernel';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { type ErrorContext, toHubError } from '../errors/fastify-errors.ts';
import { sendProblem } from '../errors/send-problem.ts';
import type { ServerContext } from './options.ts';

export function errorContextOf(request: FastifyRequest, { limits }: ServerContext): ErrorContext {
  return {
    contentType: request.headers['content-type'],
    maxBodyBytes: request.routeOptions?.bodyLimit ?? limits.maxBodyBytes,
  };
}

/** Every error of every route becomes a problem; what is our fault goes into the log with its cause. */
export function handleErrors(app: FastifyInstance, context: ServerContext): void {
  app.setErrorHandler((thrown, request, reply) => {
    const error = toHubError(thrown, errorContextOf(request, context));
    logFault(request, error);
    sendProblem(reply, error, context.errorsAt);
    return reply;
  });
}

function logFault(request: FastifyRequest, error: HubError): void {
  if (error.status < 500) return;
  // Busy and stopping are no faults of the code: one line without its stack.
  if (error.status === 503) request.log.warn({ code: error.code, detail: error.message }, 'unavailable');
  else request.log.error({ code: error.code, err: error }, 'failed');
}
