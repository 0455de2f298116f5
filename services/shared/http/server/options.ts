import type { FastifyBaseLogger } from 'fastify';
import type { Authenticate } from '../actor.ts';
import type { Limiter } from '../limits/limiter.ts';
import type { Metrics } from '../operations/metrics.ts';
import type { Route, ServiceRoutes } from '../route.ts';

export interface ServerLimits {
  /** Of a body, where the route names none. */
  readonly maxBodyBytes: number;
  /** Levels of arrays and objects in a body. */
  readonly maxJsonDepth: number;
  /** Until the header of a request has arrived. */
  readonly headerSeconds: number;
  /** Until the whole request has arrived. */
  readonly requestSeconds: number;
  /** Until a handler has answered, where the route names nothing. */
  readonly answerSeconds: number;
  /** Open at once, and a fifth of them from one address that is no trusted proxy. */
  readonly connections: number;
  /** How long a client may take nothing of an answer that is being sent. */
  readonly stallSeconds: number;
  /** How long requests under way may go on when the server stops; then their connections are cut. */
  readonly stopSeconds: number;
}

export const defaultServerLimits: ServerLimits = {
  maxBodyBytes: 1_048_576,
  maxJsonDepth: 32,
  headerSeconds: 10,
  requestSeconds: 30,
  answerSeconds: 30,
  connections: 10_000,
  stallSeconds: 60,
  stopSeconds: 10,
};

export interface ServerOptions {
  readonly services: readonly ServiceRoutes[];
  readonly authenticate: Authenticate;
  readonly limiter: Limiter;
  readonly log: FastifyBaseLogger;
  readonly metrics: Metrics;
  /** The text of `/openapi.json`, which `/docs` shows. */
  readonly openapi: string;
  /** Where the hub is, as its users see it: in addresses of error pages; with https it is also told to browsers (HSTS). */
  readonly publicUrl?: string;
  /** Addresses and networks (CIDR) whose `X-Forwarded-*` and `X-Request-Id` are believed. */
  readonly trustedProxies?: readonly string[];
  /** Origins whose pages may call the hub; none by default. */
  readonly corsOrigins?: readonly string[];
  readonly limits?: Partial<ServerLimits>;
}

/** What the parts of the server share. */
export interface ServerContext extends Required<Omit<ServerOptions, 'limits' | 'publicUrl'>> {
  readonly limits: ServerLimits;
  /** Counts in this process alone, for what is answered without the database. */
  readonly ownLimiter: Limiter;
  readonly publicUrl: string | undefined;
  /** What addresses of error pages begin with. */
  readonly errorsAt: string;
  /** Aborts when the server stops. */
  readonly stopping: AbortSignal;
  /** Ends the streams of events that are open. */
  readonly eventStreams: Set<AbortController>;
}

export interface MountedRoute {
  readonly service: ServiceRoutes['service'];
  readonly route: Route;
}
