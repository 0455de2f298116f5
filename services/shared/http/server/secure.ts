import cookie from '@fastify/cookie';
import cors from '@fastify/cors';
import helmet from '@fastify/helmet';
import type { FastifyInstance } from 'fastify';
import type { ServerContext } from './options.ts';

/** What pages of other origins may read of an answer, where they may call at all. */
const readable = ['ETag', 'Idempotency-Replayed', 'Location', 'RateLimit', 'RateLimit-Policy', 'Retry-After'];
const writable = [
  'Authorization',
  'Content-Type',
  'Idempotency-Key',
  'If-Match',
  'If-None-Match',
  'Last-Event-ID',
];

/** Cookies, security headers for answers that are data, and CORS for the origins that were named. */
export async function secure(app: FastifyInstance, { corsOrigins, publicUrl }: ServerContext): Promise<void> {
  await app.register(cookie);
  await app.register(helmet, {
    // Answers are data: a browser that shows one must run nothing. Pages of ours name their own policy.
    contentSecurityPolicy: {
      useDefaults: false,
      directives: { 'default-src': ["'none'"], 'frame-ancestors': ["'none'"] },
    },
    strictTransportSecurity: publicUrl?.startsWith('https:') ? { maxAge: 31_536_000 } : false,
    xFrameOptions: { action: 'deny' },
    crossOriginResourcePolicy: { policy: corsOrigins.length > 0 ? 'cross-origin' : 'same-origin' },
  });
  app.addHook('onRequest', async (request, reply) => {
    reply.header('x-request-id', request.id);
    // What one user was told, no cache may tell another. A route can say otherwise.
    reply.header('cache-control', 'no-store');
  });
  if (corsOrigins.length === 0) return;
  await app.register(cors, {
    origin: [...corsOrigins],
    methods: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'],
    allowedHeaders: writable,
    exposedHeaders: [...readable, 'X-Request-Id'],
    maxAge: 600,
  });
}
