import { hubError } from '@quantum-hub/kernel';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Actor } from '../actor.ts';
import { StreamAnswer } from '../answers/answer.ts';
import { namesTag } from '../answers/etag.ts';
import { answerOnce, readIdempotencyKey, type SentAnswer } from '../idempotency/answer-once.ts';
import type { Route } from '../route.ts';
import { actorOf, doorOf } from './door.ts';
import type { MountedRoute, ServerContext } from './options.ts';
import { callReader } from './read-call.ts';
import { answerShaper } from './shape-answer.ts';

/** Puts one route on the server: door, schemas, handler, answer. */
export function mountRoute(app: FastifyInstance, mounted: MountedRoute, context: ServerContext): void {
  const { route } = mounted;
  refuseUnfit(mounted);
  app.route({
    // RFC 9110: whatever can be got can be asked for by HEAD.
    method: route.method === 'GET' ? ['GET', 'HEAD'] : route.method,
    url: route.path,
    bodyLimit: route.maxBodyBytes ?? context.limits.maxBodyBytes,
    onRequest: doorOf(mounted, context),
    handler: handlerOf(mounted, context),
  });
}

/** Kept answers belong to a user, and to a service that has a role to keep them as; nobody signs in to the hub's own routes. */
function refuseUnfit({ service, route }: MountedRoute): void {
  if (service === 'hub' && route.access !== 'public') {
    throw new TypeError(`${route.name} is the hub's own, to which nobody signs in; expected it to be public`);
  }
  const keeps = route.idempotency === 'kept' || route.idempotency === 'secret';
  if (keeps && (route.access === 'public' || service === 'hub')) {
    throw new TypeError(`${route.name} keeps answers for nobody; expected a route of a service, not public`);
  }
}

function handlerOf(mounted: MountedRoute, context: ServerContext) {
  const { route } = mounted;
  const readCall = callReader(route);
  const shape = answerShaper(route);
  const maxSeconds = route.maxSeconds ?? context.limits.answerSeconds;
  return async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    const gone = new AbortController();
    // 'close' of the answer, not of the request: that one also comes when a body was read to its end.
    reply.raw.once('close', () => !reply.raw.writableFinished && gone.abort());
    const actor = actorOf(request);
    const call = readCall(request, actor, { signal: gone.signal, stopping: context.stopping });
    // The limit is around the keeping too: an answer that comes too late for its caller is kept for the repetition.
    const answer = async () => shape(await route.handle(call));
    const sent = await within(maxSeconds, gone, () => once(mounted, request, actor, answer));
    if (sent instanceof StreamAnswer) return sendStream(request, reply, sent, gone, context);
    return send(request, reply, { route, sent }, context);
  };
}

/** Calls the handler, or gives what an earlier request with the same key was given. */
async function once(
  { service, route }: MountedRoute,
  request: FastifyRequest,
  actor: Actor | undefined,
  answer: () => Promise<SentAnswer | StreamAnswer>,
): Promise<SentAnswer | StreamAnswer> {
  const header = request.headers['idempotency-key'];
  if (route.idempotency === undefined || typeof header !== 'string') return await answer();
  const key = readIdempotencyKey(header);
  if (route.idempotency === 'own') return await answer();
  if (!actor || service === 'hub') throw hubError('http.not_signed_in');
  const first = {
    place: { service, userId: actor.userId, route: `${route.method} ${route.path}` },
    key,
    request: [request.url, request.body] as const,
    secret: route.idempotency === 'secret',
  };
  return await answerOnce(first, async () => {
    const sent = await answer();
    if (sent instanceof StreamAnswer) throw new Error(`${route.name} streams an answer that was to be kept`);
    return sent;
  });
}

/** Runs the handler for so long at most; afterwards its signal is aborted and the caller told that the outcome is open. */
async function within<Result>(
  seconds: number,
  gone: AbortController,
  work: () => Promise<Result>,
): Promise<Result> {
  const { promise: over, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => {
    reject(hubError('http.took_too_long', { seconds }));
    gone.abort();
  }, seconds * 1000);
  try {
    return await Promise.race([work(), over]);
  } finally {
    clearTimeout(timer);
  }
}

function send(
  request: FastifyRequest,
  reply: FastifyReply,
  { route, sent }: { readonly route: Route; readonly sent: SentAnswer },
  context: ServerContext,
): FastifyReply {
  const { status, headers, body } = sent;
  for (const [name, value] of Object.entries(headers)) reply.header(name, value);
  const known = request.headers['if-none-match'];
  const { etag } = headers;
  if (route.method === 'GET' && typeof etag === 'string' && known && namesTag(known, etag)) {
    return reply.code(304).send();
  }
  reply.code(status);
  if (body === null) return reply.send();
  if (Buffer.byteLength(body) > fitsAnyway) cutWhenStalled(reply, context);
  if (!reply.hasHeader('content-type')) {
    reply.header('content-type', route.mediaTypes?.[status] ?? 'application/json; charset=utf-8');
  }
  return reply.send(body);
}

function sendStream(
  request: FastifyRequest,
  reply: FastifyReply,
  { status, stream, headers }: StreamAnswer,
  gone: AbortController,
  context: ServerContext,
): FastifyReply {
  const { eventStreams, stopping } = context;
  for (const [name, value] of Object.entries(headers)) reply.header(name, value);
  if (request.method === 'HEAD') {
    stream.destroy();
    gone.abort();
    return reply.code(status).send();
  }
  const ends = String(headers['content-type'] ?? '').startsWith('text/event-stream');
  if (ends) {
    eventStreams.add(gone);
    reply.raw.once('close', () => eventStreams.delete(gone));
    if (stopping.aborted) gone.abort();
  }
  cutWhenStalled(reply, context);
  return reply.code(status).send(stream);
}

/** What the buffers of two systems take at once, in bytes: such an answer waits for nobody. */
const fitsAnyway = 65_536;

/** A reader that takes nothing for so long would keep its connection, an open file and what is in memory for ever. */
function cutWhenStalled({ raw }: FastifyReply, { limits }: ServerContext): void {
  raw.setTimeout(limits.stallSeconds * 1000, () => raw.destroy());
}
