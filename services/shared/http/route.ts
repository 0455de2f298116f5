import type { Readable } from 'node:stream';
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
      /** What the user must be, beside. */
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
  /** Aborts when the client goes away or the server stops. */
  readonly signal: AbortSignal;
}

/** A whole answer, where a body alone does not do. */
export class Answer<Body = unknown> {
  readonly status: number;
  readonly body: Body | undefined;
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, body?: Body, headers: Readonly<Record<string, string>> = {}) {
    this.status = status;
    this.body = body;
    this.headers = headers;
  }
}

/** A body that is sent as it comes: bytes of a file, or events (`text/event-stream`). Ended when the server stops. */
export class StreamAnswer {
  readonly status: number;
  readonly stream: Readable;
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, stream: Readable, headers: Readonly<Record<string, string>>) {
    this.status = status;
    this.stream = stream;
    this.headers = headers;
  }
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
  /** Media type of an answer that is no JSON, by status. */
  readonly mediaTypes?: Readonly<Record<number, string>>;
  /** What the use case may throw beside what every route may (400, 401, 403, 429, 500, 503). */
  readonly errors?: readonly ErrorCode[];
  /** Creations take `Idempotency-Key`; `secret`: the answer shows a secret and is never kept; `own`: the use case keeps keys itself. */
  readonly idempotency?: 'kept' | 'secret' | 'own';
  /** A stricter limit by name (`sign-in`), beside that of the credential. */
  readonly limit?: string;
  /** Of a body, in bytes; the server's otherwise. */
  readonly maxBodyBytes?: number;
  /** An example of a request body and of each answer, shown in OpenAPI and checked against the schemas by a test. */
  readonly examples?: { readonly body?: unknown; readonly answers?: Readonly<Record<number, unknown>> };
  readonly handle: (call: Call<Out<P>, Out<Q>, Out<B>, Who<A>>) => Promise<unknown>;
}

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
  /** `identity`, `execution`, ... */
  readonly service: string;
  readonly routes: readonly Route[];
}
