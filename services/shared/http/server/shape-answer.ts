import { z } from 'zod';
import { Answer, StreamAnswer } from '../answers/answer.ts';
import type { SentAnswer } from '../idempotency/answer-once.ts';
import type { Route } from '../route.ts';

/**
 * What a handler gave, as it is sent: checked against the schema of its status, so that no column slips out that no schema
 * names. Throws a plain Error (a 500, in the log) for an answer that the route does not declare.
 */
export function answerShaper(route: Route) {
  const plainStatus = Object.keys(route.answers).map(Number).find(isSuccess) ?? 200;
  return (result: unknown): SentAnswer | StreamAnswer => {
    if (result instanceof StreamAnswer) return result;
    const { status, body, headers } = result instanceof Answer ? result : new Answer(plainStatus, result);
    const schema = route.answers[status];
    if (schema === undefined) throw new Error(`${route.name} answered ${status}, which it does not declare`);
    if (schema === null) return { status, headers, body: null };
    if (route.mediaTypes?.[status]) return { status, headers, body: String(body) };
    const encoded = z.safeEncode(schema, body as never);
    if (!encoded.success) {
      const places = encoded.error.issues.map(({ path, message }) => `/${path.join('/')}: ${message}`);
      throw new Error(
        `${route.name} answered ${status} with a body outside its schema: ${places.join('; ')}`,
      );
    }
    return { status, headers, body: JSON.stringify(encoded.data) };
  };
}

function isSuccess(status: number): boolean {
  return status >= 200 && status < 300;
}
