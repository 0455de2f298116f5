import { hubError, newId } from '@quantum-hub/kernel';
import fastify, { type FastifyInstance, LogController } from 'fastify';
import { readJson } from '../body/read-json.ts';
import { toHubError } from '../errors/fastify-errors.ts';
import { sendProblem } from '../errors/send-problem.ts';
import { createOwnLimiter } from '../limits/limiter.ts';
import { mountDocuments } from '../operations/documents.ts';
import { answerBrokenRequest } from './broken-requests.ts';
import { errorContextOf, handleErrors } from './handle-errors.ts';
import { HubServer } from './hub-server.ts';
import { logAnswers } from './log-answers.ts';
import { mountRoute } from './mount-route.ts';
import { handleUnknown } from './not-found.ts';
import { defaultServerLimits, type ServerContext, type ServerOptions } from './options.ts';
import { secure } from './secure.ts';
import { trustedProxyTest } from './trusted-proxies.ts';

/** A request id that a proxy may give: short, and of characters that no log and no terminal minds. */
const requestIdPattern = /^[A-Za-z0-9._-]{1,64}$/;

/** Makes the server of a process: one encapsulated plugin per service, all routes behind the same door. Not listening yet. */
export async function buildServer(options: ServerOptions): Promise<HubServer> {
  const stop = new AbortController();
  const context = contextOf(options, stop.signal);
  const app = newApp(context);
  handleErrors(app, context);
  handleUnknown(app, context);
  await secure(app, context);
  app.removeAllContentTypeParsers();
  app.addContentTypeParser(
    /^application\/(?:[a-z0-9.-]+\+)?json\s*(?:;|$)/i,
    { parseAs: 'buffer' },
    async (request: { headers: Record<string, unknown> }, body: Buffer) => {
      const encoding = request.headers['content-encoding'];
      if (encoding !== undefined && encoding !== 'identity') {
        throw hubError('http.unsupported_media_type', { type: `JSON in ${encoding}` });
      }
      return readJson(body, context.limits.maxJsonDepth);
    },
  );
  logAnswers(app, context);
  for (const { service, routes } of context.services) {
    await app.register(async (plugin) => {
      for (const route of routes) mountRoute(plugin, { service, route }, context);
    });
  }
  await mountDocuments(app, context);
  await app.ready();
  return new HubServer(app, context, stop);
}

function contextOf(options: ServerOptions, stopping: AbortSignal): ServerContext {
  const { publicUrl } = options;
  return {
    trustedProxies: [],
    corsOrigins: [],
    ...options,
    publicUrl,
    limits: { ...defaultServerLimits, ...options.limits },
    ownLimiter: createOwnLimiter(options.limiter.rules),
    errorsAt: `${(publicUrl ?? '').replace(/\/$/, '')}/errors`,
    stopping,
    eventStreams: new Set(),
  };
}

function newApp(context: ServerContext): FastifyInstance {
  const { limits, log } = context;
  const trusted = trustedProxyTest(context.trustedProxies);
  return fastify({
    loggerInstance: log,
    logController: new LogController({ disableRequestLogging: true }),
    trustProxy: (address: string) => trusted(address),
    genReqId: (raw) => {
      const given = raw.headers['x-request-id'];
      const usable = typeof given === 'string' && requestIdPattern.test(given);
      return usable && trusted(raw.socket.remoteAddress) ? given : newId();
    },
    bodyLimit: limits.maxBodyBytes,
    // HEAD would run handlers, and never end on a stream.
    exposeHeadRoutes: false,
    // The door answers with our own problem instead.
    return503OnClosing: false,
    forceCloseConnections: 'idle',
    routerOptions: { maxParamLength: 500 },
    requestTimeout: limits.requestSeconds * 1000,
    http: { headersTimeout: limits.headerSeconds * 1000, connectionsCheckingInterval: 1000 },
    clientErrorHandler: answerBrokenRequest(context),
    // Addresses that the router can't read never come to a route or its hooks.
    frameworkErrors: (error, request, reply) => {
      sendProblem(
        reply as never,
        toHubError(error, errorContextOf(request as never, context)),
        context.errorsAt,
      );
    },
  }) as unknown as FastifyInstance;
}
