import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Actor } from '../actor.ts';
import { type ProblemDetail, problem } from '../errors/problem.ts';
import { faultsOf, faultsText } from '../errors/zod-faults.ts';
import { wordsOf } from '../errors/zod-words.ts';
import { addressGroup } from '../limits/address.ts';
import type { Call, Route } from '../route.ts';

type AnyCall = Call<unknown, unknown, unknown, Actor | undefined>;

export interface CallSignals {
  readonly signal: AbortSignal;
  readonly stopping: AbortSignal;
}

/** Reads params, query and body by the route's schemas; throws `http.invalid_request` with the place of every fault. */
export function callReader(route: Route) {
  // A parameter that is mistyped would else be left out silently, and a filter with it.
  const query = route.query instanceof z.ZodObject ? route.query.strict() : route.query;
  return (request: FastifyRequest, actor: Actor | undefined, signals: CallSignals): AnyCall => {
    const faults: ProblemDetail[] = [];
    let count = 0;
    const read = (part: 'params' | 'query' | 'body', schema: z.ZodType | undefined, value: unknown) => {
      if (!schema) return undefined;
      const parsed = schema.safeParse(value, { error: wordsOf });
      if (parsed.success) return parsed.data;
      faults.push(...faultsOf(part, parsed.error.issues));
      count += parsed.error.issues.length;
      return undefined;
    };
    const input = {
      params: read('params', route.params, { ...(request.params as object) }),
      query: read('query', query, { ...(request.query as object) }),
      body: read('body', route.body, request.body),
    };
    if (faults.length > 0) {
      throw problem('http.invalid_request', { faults: faultsText(faults, count) }, { errors: faults });
    }
    return {
      ...input,
      ...signals,
      actor,
      headers: headersOf(request),
      client: { address: plainAddress(request.ip), userAgent: request.headers['user-agent'] },
      requestId: request.id,
    };
  };
}

/** The address itself, for audit logs; IPv4 inside IPv6 as IPv4. */
function plainAddress(ip: string): string {
  const group = addressGroup(ip);
  return group.endsWith('/64') ? ip : group;
}

function headersOf(request: FastifyRequest): Record<string, string | undefined> {
  return Object.fromEntries(
    Object.entries(request.headers).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.join(', ') : value,
    ]),
  );
}
