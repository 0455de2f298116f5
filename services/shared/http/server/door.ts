/** What every request passes before its body is read: the cheapest checks first. */
import { hubError, isHubError } from '@quantum-hub/kernel';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Actor } from '../actor.ts';
import { addressGroup } from '../limits/address.ts';
import { type LimitState, limitHeaders } from '../limits/limiter.ts';
import { checkAccess } from '../sign-in/check-access.ts';
import { checkOrigin } from '../sign-in/check-origin.ts';
import { type Credential, readCredential } from '../sign-in/read-credential.ts';
import type { MountedRoute, ServerContext } from './options.ts';

/** Who asks, for the handler and for the log. */
const actors = new WeakMap<FastifyRequest, Actor>();

export function actorOf(request: FastifyRequest): Actor | undefined {
  return actors.get(request);
}

/** What a stranger's page may make a browser send: it changes nothing. */
const reading: readonly string[] = ['GET', 'HEAD'];

/** A hook for one route: limits, sign-in, origin and access. Throws what the caller is told. */
export function doorOf({ service, route }: MountedRoute, context: ServerContext) {
  if (service === 'hub') return openDoor(context);
  return async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
    if (context.stopping.aborted) throw hubError('http.stopping');
    requireText(request);
    const { limiter } = context;
    const address = addressGroup(request.ip);
    await limiter.count(`address ${address}`, limiter.rules.address);
    if (route.limit) await limiter.takeAtDoor(route.limit, request.ip);
    const { actor, byCookie } = await signIn(request, context);
    if (!reading.includes(request.method) && (byCookie || route.access === 'public')) {
      checkOrigin(originFactsOf(request, byCookie), {
        publicOrigin: context.publicUrl && new URL(context.publicUrl).origin,
        corsOrigins: context.corsOrigins,
      });
    }
    const state = await countCaller(actor, address, context);
    for (const [name, value] of Object.entries(limitHeaders(state))) reply.header(name, value);
    checkAccess(route.access, actor);
    if (actor) actors.set(request, actor);
  };
}

/** Of the hub's own routes, which are public: nothing here needs the database, so that they answer while it does not. */
function openDoor({ ownLimiter, stopping }: ServerContext) {
  return async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
    if (stopping.aborted) throw hubError('http.stopping');
    requireText(request);
    const state = await ownLimiter.count(addressGroup(request.ip), ownLimiter.rules.anonymous);
    for (const [name, value] of Object.entries(limitHeaders(state))) reply.header(name, value);
  };
}

async function signIn(
  request: FastifyRequest,
  context: ServerContext,
): Promise<{ actor: Actor | undefined; byCookie: boolean }> {
  const credential = await readOrCount(request, context);
  const actor = credential && (await context.authenticate(credential.secret));
  // A browser can't help a cookie that has expired; whoever sends a key means it.
  if (credential?.from === 'header' && !actor) {
    await countCaller(undefined, addressGroup(request.ip), context);
    throw hubError('http.not_signed_in');
  }
  return { actor, byCookie: credential?.from === 'cookie' && actor !== undefined };
}

/** Texts that are no key cost no look-up, but count as guesses. */
async function readOrCount(request: FastifyRequest, context: ServerContext): Promise<Credential | undefined> {
  try {
    return readCredential(request.headers.authorization, request.cookies);
  } catch (error) {
    if (isHubError(error)) await countCaller(undefined, addressGroup(request.ip), context);
    throw error;
  }
}

async function countCaller(
  actor: Actor | undefined,
  address: string,
  { limiter }: ServerContext,
): Promise<LimitState> {
  if (!actor) return await limiter.count(`anonymous ${address}`, limiter.rules.anonymous);
  return await limiter.count(`credential ${actor.credentialId}`, actor.rateLimit ?? limiter.rules.credential);
}

function originFactsOf(request: FastifyRequest, byCookie: boolean) {
  const { origin, 'sec-fetch-site': fetchSite } = request.headers;
  return {
    origin,
    fetchSite: typeof fetchSite === 'string' ? fetchSite : undefined,
    host: request.host,
    byCookie,
  };
}

function requireText(request: FastifyRequest): void {
  if (request.raw.url?.includes('%00'))
    throw hubError('http.invalid_text', { part: 'address', what: 'U+0000' });
}
