import type { FastifyInstance, FastifyRequest } from 'fastify';
import { actorOf } from './door.ts';
import type { ServerContext } from './options.ts';

/** The pattern of the route, never the address: an address holds ids, tokens of mails and whatever a person typed. */
function routeOf(request: FastifyRequest): string {
  return request.routeOptions?.url ?? 'none';
}

/** One line and one measurement for each answer. */
export function logAnswers(app: FastifyInstance, { metrics }: ServerContext): void {
  app.addHook('onResponse', async (request, reply) => {
    const route = routeOf(request);
    const seconds = reply.elapsedTime / 1000;
    metrics.observeRequest({ method: request.method, route, status: reply.statusCode, seconds });
    const actor = actorOf(request);
    request.log.info(
      {
        requestId: request.id,
        method: request.method,
        route,
        status: reply.statusCode,
        durationMs: Math.round(reply.elapsedTime * 10) / 10,
        address: request.ip,
        ...(actor && { user: actor.userId, via: actor.via, credential: actor.credentialId }),
      },
      'answered',
    );
  });
}
