import type { ErrorCode } from '@quantum-hub/kernel';
import type { z } from 'zod';
import type { Actor } from './actor.ts';

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** Who may call a route. A missing scope or role is 403, nobody signed in is 401. */
export type Access =
  | 'public'
  | {
      /** What a key needs; a session has it always. */
      readonly scope: string;
      /** What the user must be, beside; administrators are everything. */
      readonly role?: string;
      /** Only from a session: what a stolen key must not do (making keys, changing the password). */
      readonly sessionOnly?: true;
    };

/** What a handler gets: everything was checked against the route's schemas before. */
export interface Call<Params, Query, Body, Who> {
  readonly actor: Who;
  readonly params: Params;
  readonly query: Query;
  readonly body: Body;
  /** Header fields by lower-case name. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly client: { readonly address: string; readonly userAgent: string | undefined };
  readonly requestId: string;
  /** Aborts when the client goes away or the route's time is over; for a stream of events also when the server stops. */
  readonly signal: AbortSignal;
  /** Aborts as soon as the server stops: for what waits (a long poll), not for work that is to be finished. */
  readonly stopping: AbortSignal;
}

type Shape = z.ZodType | undefined;
type Out<S extends Shape> = S extends z.ZodType ? z.output<S> : undefined;
type Who<A extends Access> = A extends 'public' ? Actor | undefined : Actor;

export interface RouteDefinition<A extends Access, P extends Shape, Q extends Shape, B extends Shape> {
  readonly method: Method;
  /** `/v1/jobs/:id` */
  readonly path: string;
  /** Unique, camelCase: names the operation in OpenAPI and in the client (`submitJob`). */
  readonly name: string;
  /** One sentence. */
  readonly summary: string;
  readonly description?: string;
  readonly tag: string;
  readonly access: A;
  readonly params?: P;
  readonly query?: Q;
  readonly body?: B;
  /** Schema of the body by status; `null` for no body. The first 2xx is that of a handler that returns a plain body. */
  readonly answers: Readonly<Record<number, z.ZodType | null>>;
  /** Media type of an answer that is no JSON, by status: its body is a text, or a stream. */
  readonly mediaTypes?: Readonly<Record<number, string>>;
  /** What the use case may throw beside what every route may (400, 401, 403, 429, 500, 503). */
  readonly errors?: readonly ErrorCode[];
  /** Creations take `Idempotency-Key`; `secret`: the answer shows a secret and is never kept; `own`: the use case keeps keys itself. */
  readonly idempotency?: 'kept' | 'secret' | 'own';
  /** A GET whose answer has an ETag takes `If-None-Match` (304), a change takes `If-Match` (412). */
  readonly conditional?: true;
  /** A stricter limit by name (`sign-in`) and address, beside that of the credential. */
  readonly limit?: LimitName;
  /** Of a body, in bytes; the server's otherwise. */
  readonly maxBodyBytes?: number;
  /** How long a handler may take until it answers; the server's otherwise. A stream may go on for longer. */
  readonly maxSeconds?: number;
  /** An example of a request body and of each answer, shown in OpenAPI and checked against the schemas by a test. */
  readonly examples?: { readonly body?: unknown; readonly answers?: Readonly<Record<number, unknown>> };
  /** The body of the first 2xx, an `Answer`, or a `StreamAnswer`. */
  readonly handle: (call: Call<Out<P>, Out<Q>, Out<B>, Who<A>>) => Promise<unknown>;
}

/** The stricter limits; see `limits/rules.ts` for what they are. */
export type LimitName = 'sign-in' | 'sign-up' | 'reset';

// biome-ignore lint/suspicious/noExplicitAny: routes of all shapes stand in one list
export type Route = RouteDefinition<any, any, any, any>;

/** Routes are data: the app mounts them, OpenAPI and the tests of access walk them. */
export function route<
  const A extends Access,
  P extends Shape = undefined,
  Q extends Shape = undefined,
  B extends Shape = undefined,
>(definition: RouteDefinition<A, P, Q, B>): RouteDefinition<A, P, Q, B> {
  return definition;
}

/** All routes of one service, mounted together behind their own wall. */
export interface ServiceRoutes {
  /** The hub's own (health, documents) touch no data; each service works as its role of the database. */
  readonly service: 'identity' | 'development' | 'marketplace' | 'execution' | 'hub';
  readonly routes: readonly Route[];
}
