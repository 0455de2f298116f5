import createClient, { type Client } from 'openapi-fetch';
import { noHub, readProblem } from './problem.ts';
import type { paths } from './schema.ts';
import { type Fetch, type RetryOptions, retryingFetch } from './transport/retrying-fetch.ts';

/** The typed operations, by method and path, as openapi-fetch has them: `api.GET('/v1/jobs/{id}', { params })`. */
export type HubApi = Client<paths, `${string}/${string}`>;

export interface HubClientOptions extends RetryOptions {
  /** Where the hub is: `http://127.0.0.1:8080`. */
  readonly url: string;
  /** An API key or a session token; without one only public operations work. */
  readonly credential?: string;
  /** What names this program in the hub's logs and sessions. */
  readonly userAgent?: string;
}

/** A connection to one hub as one person or program. */
export interface HubClient {
  readonly url: string;
  readonly api: HubApi;
  /** Runs one operation and gives its body; throws `HubProblem` for every other answer, and when none comes. */
  ask<Body>(call: (api: HubApi) => Promise<{ data?: Body }>): Promise<Body>;
  /** A request to a path of the hub with the credential, for answers that are no JSON. Throws as `ask` does. */
  open(path: string, init?: RequestInit): Promise<Response>;
}

export function createHubClient(options: HubClientOptions): HubClient {
  const url = new URL(options.url).href.replace(/\/+$/, '');
  const send = authenticated(options, retryingFetch(options));
  const api = createClient<paths>({ baseUrl: url, fetch: send });
  return {
    url,
    api,
    ask: async (call) => (await call(api).catch(refuseOthers(url))).data as never,
    // A hub may stand below a path of its own (a proxy's), so a path is added and not resolved.
    open: (path, init) => send(new Request(path.startsWith('/') ? `${url}${path}` : path, init)),
  };
}

/** A success that is no JSON comes from some other server, or from a proxy's own page. */
function refuseOthers(url: string): (error: unknown) => never {
  return (error) => {
    if (!(error instanceof SyntaxError)) throw error;
    throw noHub(url, 'JSON', error);
  };
}

/** Adds who asks, makes creations repeatable, and turns every answer but a success into a `HubProblem`. */
function authenticated({ url, credential, userAgent }: HubClientOptions, send: Fetch): Fetch {
  return async (request) => {
    const headers = new Headers(request.headers);
    // A link may lead elsewhere, to a store of files: whoever keeps that must not learn the credential.
    const isOurs = new URL(request.url).origin === new URL(url).origin;
    if (credential !== undefined && isOurs) headers.set('authorization', `Bearer ${credential}`);
    if (userAgent !== undefined) headers.set('user-agent', userAgent);
    if (request.method === 'POST' && !headers.has('idempotency-key')) {
      headers.set('idempotency-key', crypto.randomUUID());
    }
    const response = await send(new Request(request, { headers }));
    if (response.ok || response.status === 304) return response;
    throw await readProblem(response);
  };
}
