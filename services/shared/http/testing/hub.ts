import { newId, newSecretKey } from '@quantum-hub/kernel';
import type { Actor, Authenticate } from '../actor.ts';
import { Limiter } from '../limits/limiter.ts';
import { localWindows } from '../limits/local-windows.ts';
import { defaultLimits, type LimitRules } from '../limits/rules.ts';
import { Metrics } from '../operations/metrics.ts';
import type { ServiceRoutes } from '../route.ts';
import { buildServer } from '../server/build-server.ts';
import type { HubServer } from '../server/hub-server.ts';
import type { ServerOptions } from '../server/options.ts';

export type ActorInput = Partial<Actor>;

/** An actor: a signed-in consumer unless said otherwise. */
export function testActor(input: ActorInput = {}): Actor {
  return {
    userId: newId(),
    roles: ['consumer'],
    scopes: 'all',
    via: 'session',
    credentialId: newId(),
    ...input,
  };
}

export interface TestHubOptions extends Partial<Omit<ServerOptions, 'services' | 'limiter'>> {
  readonly services: readonly ServiceRoutes[];
  /** Instead of the fake that knows the actors of `request({ as })`. */
  readonly authenticate?: Authenticate;
  readonly limiter?: Limiter;
  readonly rules?: Partial<LimitRules>;
}

export interface TestRequest {
  /** Who asks: an actor whom the fake authenticator knows from now on, or a secret. */
  readonly as?: Actor | string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

export interface TestAnswer {
  readonly status: number;
  readonly headers: Headers;
  /** Read as JSON where it is some, else text. */
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of all shapes
  readonly body: any;
}

/** A server on a port of its own, with logs thrown away and limits in memory. */
export class TestHub implements AsyncDisposable {
  readonly url: string;
  readonly server: HubServer;
  readonly limiter: Limiter;
  readonly log: TestLog;
  readonly #people: Map<string, Actor>;
  readonly #secrets = new Map<Actor, string>();

  constructor(parts: Pick<TestHub, 'url' | 'server' | 'limiter' | 'log'>, people: Map<string, Actor>) {
    this.url = parts.url;
    this.server = parts.server;
    this.limiter = parts.limiter;
    this.log = parts.log;
    this.#people = people;
  }

  /** A key that the fake authenticator knows as this actor's. */
  secretOf(actor: Actor): string {
    const known = this.#secrets.get(actor);
    if (known) return known;
    const secret = newSecretKey(actor.via === 'session' ? 'session' : 'live').secret.reveal();
    this.#secrets.set(actor, secret);
    this.#people.set(secret, actor);
    return secret;
  }

  async fetch(method: string, path: string, request: TestRequest = {}): Promise<Response> {
    const { as, body, headers, signal } = request;
    const secret = typeof as === 'object' ? this.secretOf(as) : as;
    return await fetch(this.url + path, {
      method,
      signal,
      headers: {
        ...(secret && { authorization: `Bearer ${secret}` }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
      body: typeof body === 'string' ? body : body === undefined ? undefined : JSON.stringify(body),
    });
  }

  /** A body that is a text is sent as it is, anything else as JSON. */
  async request(method: string, path: string, request: TestRequest = {}): Promise<TestAnswer> {
    const response = await this.fetch(method, path, request);
    const text = await response.text();
    const isJson = /json/.test(response.headers.get('content-type') ?? '') && text !== '';
    return { status: response.status, headers: response.headers, body: isJson ? JSON.parse(text) : text };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.server.close();
  }
}

/** Keeps what is logged, for tests that look into it. */
export class TestLog {
  readonly lines: { level: string; fields: Record<string, unknown>; text: string }[] = [];
  level = 'info';

  child(): this {
    return this;
  }
  fatal = this.#keep('fatal');
  error = this.#keep('error');
  warn = this.#keep('warn');
  info = this.#keep('info');
  debug = this.#keep('debug');
  trace = this.#keep('trace');
  silent = () => {};

  #keep(level: string) {
    return (fields: unknown, text = '') => {
      if (typeof fields === 'string') this.lines.push({ level, fields: {}, text: fields });
      else this.lines.push({ level, fields: fields as Record<string, unknown>, text });
    };
  }
}

/** Starts a server with these routes on a free port; nothing else is needed for routes that touch no database. */
export async function startTestHub({ services, rules, ...options }: TestHubOptions): Promise<TestHub> {
  const people = new Map<string, Actor>();
  const limiter = options.limiter ?? new Limiter(localWindows(), { ...defaultLimits, ...rules });
  const log = new TestLog();
  const server = await buildServer({
    authenticate: async (secret) => people.get(secret),
    metrics: new Metrics(),
    openapi: '{"openapi":"3.1.0"}',
    log: log as never,
    ...options,
    services,
    limiter,
  });
  const url = await server.listen({ host: '127.0.0.1', port: 0 });
  return new TestHub({ url, server, limiter, log }, people);
}
