import { STATUS_CODES } from 'node:http';
import { catalogue, type ErrorCode } from '@quantum-hub/kernel';
import { problemMediaType } from '../errors/problem.ts';
import type { Route } from '../route.ts';
import type { JsonObject } from './schemas.ts';

const writes = ['POST', 'PUT', 'PATCH', 'DELETE'];

/** Every code that a route can answer with: its own, and those that the server says before it is asked. */
function errorsOfRoute(route: Route): readonly ErrorCode[] {
  const { access, body, idempotency, conditional, method, errors = [] } = route;
  const isWrite = writes.includes(method);
  const keepsKeys = idempotency === 'kept' || idempotency === 'secret';
  const when = (condition: boolean, ...codes: ErrorCode[]) => (condition ? codes : []);
  const all: ErrorCode[] = [
    'http.invalid_text',
    'http.not_signed_in',
    'kernel.invalid_key',
    'http.rate_limited',
    'kernel.unexpected',
    'http.stopping',
    'http.took_too_long',
    'database.unreachable',
    ...when(Boolean(route.params || route.query || body), 'http.invalid_request'),
    ...when(isWrite, 'http.invalid_json', 'http.json_too_deep', 'http.body_too_large'),
    ...when(isWrite, 'http.unsupported_media_type', 'http.malformed', 'http.origin_refused'),
    ...when(access !== 'public', 'http.scope_missing'),
    ...when(access !== 'public' && access.role !== undefined, 'http.role_missing'),
    ...when(access !== 'public' && access.sessionOnly === true, 'http.session_needed'),
    ...when(conditional === true && isWrite, 'http.precondition_failed'),
    ...when(idempotency !== undefined, 'http.invalid_idempotency_key'),
    ...when(keepsKeys, 'http.idempotency_key_reused'),
    ...when(keepsKeys, 'http.idempotency_in_flight'),
    ...when(idempotency === 'secret', 'http.idempotency_secret_gone'),
    ...errors,
  ];
  return [...new Set(all)];
}

/** The error answers of a route by status. Below 500 the codes are all there are; what fails inside has any. */
export function errorAnswers(route: Route): Record<string, JsonObject> {
  const byStatus = new Map<number, ErrorCode[]>();
  for (const code of errorsOfRoute(route)) {
    const { status } = catalogue[code];
    byStatus.set(status, [...(byStatus.get(status) ?? []), code]);
  }
  const sorted = [...byStatus].sort(([left], [right]) => left - right);
  return Object.fromEntries(sorted.map(([status, codes]) => [String(status), errorAnswer(status, codes)]));
}

function errorAnswer(status: number, codes: readonly ErrorCode[]): JsonObject {
  const sorted = codes.toSorted();
  const reference = { $ref: '#/components/schemas/Problem' };
  const schema =
    status >= 500
      ? reference
      : { allOf: [reference, { type: 'object', properties: { code: { enum: sorted } } }] };
  return {
    description: `${STATUS_CODES[status] ?? 'Error'}: ${sorted.map((code) => `\`${code}\``).join(', ')}`,
    content: { [problemMediaType]: { schema } },
  };
}
