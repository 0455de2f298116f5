import { Answer, pageQuery, pageSchema, type Route, requireMatch, route } from '@quantum-hub/http';
import { readPageRequest } from '@quantum-hub/kernel';
import { z } from 'zod';
import { keyOverlap } from '../domain/lifetimes.ts';
import type { IdentityParts } from '../use-cases/context.ts';
import {
  changeKey,
  createKey,
  endKey,
  listOwnKeys,
  rotateKey,
  type ShownKey,
  showKey,
} from '../use-cases/keys.ts';
import { plain, signedInCaller } from './caller.ts';
import { apiKey, idParams, instant, scopes, shownKey } from './schemas.ts';
import { tagOf } from './tags.ts';

const tag = 'API keys';
const read = { scope: 'identity:read' } as const;
const write = { scope: 'identity:write' } as const;
const name = z
  .string()
  .min(1)
  .max(100)
  .meta({ examples: ['laptop'] });
const end = instant
  .transform((text) => new Date(text))
  .pipe(z.date().refine((date) => date.getTime() > Date.now(), 'expected a time to come'))
  .nullable()
  .optional()
  .meta({ description: 'From when on the key is refused; null: never.' });

const withSecret = ({ key, secret }: ShownKey) => new Answer(201, plain({ ...key, key: secret }));

export function keyRoutes(parts: IdentityParts): Route[] {
  return [...readingRoutes(), ...writingRoutes(parts)];
}

function readingRoutes(): Route[] {
  return [
    route({
      method: 'GET',
      path: '/v1/keys',
      name: 'listKeys',
      tag,
      summary: 'Your API keys, newest first.',
      access: read,
      query: z.object(pageQuery),
      answers: { 200: pageSchema(apiKey) },
      handle: async (call) => plain(await listOwnKeys(signedInCaller(call), readPageRequest(call.query))),
    }),
    route({
      method: 'GET',
      path: '/v1/keys/:id',
      name: 'showKey',
      tag,
      summary: 'One of your API keys.',
      access: read,
      params: idParams,
      answers: { 200: apiKey },
      conditional: true,
      errors: ['identity.api_key_not_found'],
      handle: async (call) => {
        const key = await showKey(signedInCaller(call), call.params.id);
        return new Answer(200, plain(key), { etag: tagOf(key) });
      },
    }),
  ];
}

function writingRoutes(parts: IdentityParts): Route[] {
  return [
    route({
      method: 'POST',
      path: '/v1/keys',
      name: 'createKey',
      tag,
      summary: 'Make an API key; it is shown this once.',
      description:
        'With a key only one can be made that may no more and lasts no longer than the key itself. `hub:operate` is for keys of operators.',
      access: write,
      idempotency: 'secret',
      body: z.strictObject({ name, scopes, expiresAt: end }),
      answers: { 201: shownKey },
      errors: [
        'identity.key_too_strong',
        'identity.scope_not_yours',
        'identity.too_many_keys',
        'identity.key_not_active',
      ],
      examples: { body: { name: 'laptop', scopes: ['execution:read', 'execution:write'] } },
      handle: async (call) => withSecret(await createKey(signedInCaller(call), call.body)),
    }),
    route({
      method: 'POST',
      path: '/v1/keys/:id/rotate',
      name: 'rotateKey',
      tag,
      summary: 'Replace an API key by a new one with the same rights.',
      description:
        'The old one goes on for the overlap (a day unless said otherwise) and is refused then; 0 revokes it at once.',
      access: write,
      idempotency: 'secret',
      params: idParams,
      body: z.strictObject({
        overlapSeconds: z.int().min(0).max(keyOverlap.maxSeconds).default(keyOverlap.defaultSeconds),
      }),
      answers: { 201: shownKey },
      errors: [
        'identity.api_key_not_found',
        'identity.key_not_active',
        'identity.key_replaced',
        'identity.key_too_strong',
        'identity.scope_not_yours',
        'identity.too_many_keys',
      ],
      examples: { body: { overlapSeconds: 3600 } },
      handle: async (call) => {
        const { overlapSeconds } = call.body;
        return withSecret(await rotateKey(parts.clock, signedInCaller(call), call.params.id, overlapSeconds));
      },
    }),
    route({
      method: 'PATCH',
      path: '/v1/keys/:id',
      name: 'changeKey',
      tag,
      summary: 'Rename an API key or move its end.',
      access: write,
      params: idParams,
      body: z.strictObject({ name: name.optional(), expiresAt: end }),
      answers: { 200: apiKey },
      conditional: true,
      errors: [
        'identity.api_key_not_found',
        'identity.key_not_active',
        'identity.key_too_strong',
        'identity.scope_not_yours',
      ],
      examples: { body: { name: 'old laptop' } },
      handle: async (call) => {
        const key = await changeKey(signedInCaller(call), call.params.id, call.body, (before) =>
          requireMatch(call.headers, tagOf(before)),
        );
        return new Answer(200, plain(key), { etag: tagOf(key) });
      },
    }),
    route({
      method: 'DELETE',
      path: '/v1/keys/:id',
      name: 'revokeKey',
      tag,
      summary: 'Revoke an API key; the next request with it is refused.',
      access: write,
      params: idParams,
      answers: { 204: null },
      errors: ['identity.api_key_not_found'],
      handle: async (call) => {
        await endKey(signedInCaller(call), call.params.id);
        return new Answer(204);
      },
    }),
  ];
}
