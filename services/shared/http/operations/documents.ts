import reference from '@scalar/fastify-api-reference';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { addressGroup } from '../limits/address.ts';
import type { ServerContext } from '../server/options.ts';

/** Scalar brings its script and styles along; nothing is fetched from elsewhere, and a browser is told to refuse it. */
const policy = [
  "default-src 'none'",
  "script-src 'self' 'unsafe-inline' 'unsafe-eval'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data: blob:",
  "font-src 'self' data:",
  "connect-src 'self'",
  "frame-ancestors 'none'",
].join('; ');

/** `/openapi.json`, and `/docs` which shows it. */
export async function mountDocuments(
  app: FastifyInstance,
  { openapi, ownLimiter }: ServerContext,
): Promise<void> {
  // A page of documents is many requests: they have the limit of an address, not that of one who is not signed in.
  const count = async (request: FastifyRequest) => {
    await ownLimiter.count(`documents ${addressGroup(request.ip)}`, ownLimiter.rules.address);
  };
  app.get('/openapi.json', { exposeHeadRoute: true, onRequest: count }, async (_request, reply) => {
    reply.header('cache-control', 'public, max-age=300');
    return reply.type('application/json; charset=utf-8').send(openapi);
  });
  await app.register(async (plugin) => {
    plugin.addHook('onRequest', count);
    plugin.addHook('onSend', async (_request, reply) => {
      reply.header('content-security-policy', policy);
    });
    await plugin.register(reference, {
      routePrefix: '/docs',
      configuration: {
        url: '/openapi.json',
        title: 'Quantum Hub API',
        withDefaultFonts: false,
        telemetry: false,
        hideClientButton: true,
      } as never,
    });
  });
}
