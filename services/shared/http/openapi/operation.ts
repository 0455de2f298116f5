import { STATUS_CODES } from 'node:http';
import { z } from 'zod';
import type { Route } from '../route.ts';
import { errorAnswers } from './error-answers.ts';
import type { Components, Json, JsonObject } from './schemas.ts';

const string = { type: 'string' };

/** The example of a schema: the route's own, the first of the schema's, or one made of its parts where all have one. */
function exampleOf(schema: z.ZodType, own?: unknown): unknown {
  const given = own ?? (z.globalRegistry.get(schema)?.examples as readonly unknown[] | undefined)?.[0];
  if (given !== undefined) return given;
  if (schema instanceof z.ZodArray) return listOfOne(exampleOf(schema.element as z.ZodType));
  if (schema instanceof z.ZodUnion) return exampleOf(schema.options[0] as z.ZodType);
  if (!(schema instanceof z.ZodObject)) return undefined;
  const members = Object.entries(schema.shape as Record<string, z.ZodType>)
    .filter(([, member]) => !(member instanceof z.ZodOptional))
    .map(([name, member]) => [name, exampleOf(member)] as const);
  return members.every(([, example]) => example !== undefined) ? Object.fromEntries(members) : undefined;
}

const listOfOne = (example: unknown) => (example === undefined ? undefined : [example]);

function parameters(route: Route, components: Components): JsonObject[] {
  return [
    ...parametersOf('path', route.params, components),
    ...parametersOf('query', route.query, components),
    ...headers(route),
  ];
}

function parametersOf(
  place: 'path' | 'query',
  schema: z.ZodType | undefined,
  components: Components,
): JsonObject[] {
  if (!schema) return [];
  const { properties = {}, required = [] } = components.schemaOf(schema, 'input') as {
    properties?: Record<string, JsonObject>;
    required?: readonly string[];
  };
  return Object.entries(properties).map(([name, { description, ...rest }]) => ({
    name,
    in: place,
    required: place === 'path' || required.includes(name),
    ...(description !== undefined && { description }),
    schema: rest,
  }));
}

function headers({ idempotency, conditional, method }: Route): JsonObject[] {
  const header = (name: string, description: string, schema: JsonObject = string) => ({
    name,
    in: 'header',
    required: false,
    description,
    schema,
  });
  return [
    ...(idempotency
      ? [
          header(
            'Idempotency-Key',
            'Of your choice, such as a UUID: the same request with the same key within 24 hours creates nothing again.',
            { ...string, minLength: 1, maxLength: 255, pattern: '^[\\x21-\\x7e]+$' },
          ),
        ]
      : []),
    ...(conditional && method === 'GET'
      ? [header('If-None-Match', 'An ETag: 304 without a body when it is still the present one.')]
      : []),
    ...(conditional && method !== 'GET'
      ? [header('If-Match', 'An ETag: 412 when it is no longer the present one.')]
      : []),
  ];
}

function requestBody(route: Route, components: Components): JsonObject {
  if (!route.body) return {};
  const example = exampleOf(route.body, route.examples?.body);
  return {
    requestBody: {
      required: !route.body.safeParse(undefined).success,
      content: {
        'application/json': {
          schema: components.schemaOf(route.body, 'input'),
          ...(example !== undefined && { example: example as Json }),
        },
      },
    },
  };
}

function answers(route: Route, components: Components): Record<string, JsonObject> {
  const given = Object.entries(route.answers as Record<string, z.ZodType | null>).map(
    ([status, schema]): [string, JsonObject] => [status, answer(route, Number(status), schema, components)],
  );
  const is304 = route.conditional && route.method === 'GET';
  return { ...Object.fromEntries(given), ...(is304 && { 304: { description: 'Not Modified' } }) };
}

function answer(route: Route, status: number, schema: z.ZodType | null, components: Components): JsonObject {
  const fields = {
    'X-Request-Id': { description: 'Names the request in the log of the server.', schema: string },
    RateLimit: { description: 'What is left: `"default";r=<requests>;t=<seconds>`.', schema: string },
    ...(route.conditional && { ETag: { description: 'Of the state that is shown.', schema: string } }),
    ...(route.idempotency && {
      'Idempotency-Replayed': { description: '`true` for an answer that is given again.', schema: string },
    }),
  };
  const plain = { description: STATUS_CODES[status] ?? 'Answer', headers: fields };
  if (!schema) return plain;
  const example = exampleOf(schema, route.examples?.answers?.[status]);
  const media = {
    schema: components.schemaOf(schema, 'output'),
    ...(example !== undefined && { example: example as Json }),
  };
  const type = route.mediaTypes?.[status]?.split(';')[0] ?? 'application/json';
  return { ...plain, content: { [type]: media } };
}

/** One route as an operation of OpenAPI 3.1. */
export function operationOf(route: Route, components: Components): JsonObject {
  const { access } = route;
  const isPublic = access === 'public';
  return {
    operationId: route.name,
    summary: route.summary,
    ...(route.description !== undefined && { description: route.description }),
    tags: [route.tag],
    security: isPublic ? [] : [{ bearer: [access.scope] }, { session: [] }],
    ...(!isPublic && access.role !== undefined && { 'x-role': access.role }),
    ...(!isPublic && access.sessionOnly && { 'x-session-only': true }),
    ...(parameters(route, components).length > 0 && { parameters: parameters(route, components) }),
    ...requestBody(route, components),
    // A status that the route answers with a body of its own (503 of /readyz) comes last and wins.
    responses: { ...errorAnswers(route), ...answers(route, components) },
  };
}
