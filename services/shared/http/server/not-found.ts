import { hubError } from '@quantum-hub/kernel';
import type { FastifyInstance } from 'fastify';
import { problem } from '../errors/problem.ts';
import { addressGroup } from '../limits/address.ts';
import type { ServerContext } from './options.ts';

interface KnownPath {
  readonly pattern: RegExp;
  readonly method: string;
}

/** `/v1/jobs/:id` as a pattern for the addresses that it serves. */
function patternOf(path: string): RegExp {
  const escaped = path.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`^${escaped.replace(/:\w+/g, '[^/]+')}$`);
}

/** 405 with `Allow` for an address that other methods have, else 404. */
export function handleUnknown(app: FastifyInstance, context: ServerContext): void {
  const known: readonly KnownPath[] = context.services.flatMap(({ routes }) =>
    routes.map(({ method, path }) => ({ method, pattern: patternOf(path) })),
  );
  // Before the body is read: what is wrong with it matters to nobody here.
  app.addHook('onRequest', async (request) => {
    if (!request.is404) return;
    // By this process alone: whoever tries out addresses must not cost the database a transaction each.
    const { ownLimiter } = context;
    await ownLimiter.count(`unknown ${addressGroup(request.ip)}`, ownLimiter.rules.address);
    const path = request.url.split('?')[0] ?? '/';
    const methods = known
      .filter(({ pattern }) => pattern.test(path))
      .flatMap(({ method }) => (method === 'GET' ? ['GET', 'HEAD'] : [method]));
    if (methods.length === 0) throw hubError('http.route_not_found', { route: path });
    const allowed = [...new Set(methods)].sort().join(', ');
    const params = { method: request.method, route: path, allowed };
    throw problem('http.method_not_allowed', params, { headers: { allow: allowed } });
  });
}
