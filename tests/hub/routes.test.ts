/** Guarantee: the document shows each route whole: schemas, examples that fit them, errors with their codes, and its scope. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { z } from 'zod';
import { documentedServices, openApiText } from '../../apps/hub/openapi.ts';
import type { Route } from '../../services/shared/http/index.ts';

interface Media {
  readonly schema?: unknown;
  readonly example?: unknown;
}
interface Operation {
  readonly operationId: string;
  readonly security: readonly Record<string, readonly string[]>[];
  readonly requestBody?: { readonly content: Record<string, Media> };
  readonly responses: Record<
    string,
    { readonly description: string; readonly content?: Record<string, Media> }
  >;
}

const document = JSON.parse(openApiText());
const routes: readonly Route[] = documentedServices().flatMap((service) => service.routes);

function operationOf({ path, method }: Route): Operation {
  return document.paths[path.replace(/:(\w+)/g, '{$1}')][method.toLowerCase()];
}

function requireExample(schema: z.ZodType, media: Media | undefined, what: string): void {
  assert.notEqual(media?.schema, undefined, `a schema of ${what}`);
  assert.notEqual(media?.example, undefined, `an example of ${what}`);
  assert.deepEqual(
    schema.safeParse(media?.example).error?.issues,
    undefined,
    `an example of ${what} that fits`,
  );
}

for (const route of routes) {
  test(`${route.name} says what it takes and answers`, () => {
    const operation = operationOf(route);
    assert.equal(operation.operationId, route.name);
    assert.match(route.name, /^[a-z][A-Za-z]+$/);
    const named = [...route.path.matchAll(/:(\w+)/g)].map(([, name]) => name).sort();
    const params = route.params instanceof z.ZodObject ? Object.keys(route.params.shape).sort() : [];
    assert.deepEqual(params, named, 'a schema for each parameter of the path');
    if (route.body)
      requireExample(route.body, operation.requestBody?.content['application/json'], 'its body');
    for (const [status, schema] of Object.entries(route.answers as Record<string, z.ZodType | null>)) {
      if (schema === null) continue;
      const [media] = Object.values(operation.responses[status]?.content ?? {});
      requireExample(schema, media, `its answer ${status}`);
    }
    const scopes = operation.security.map(({ bearer }) => bearer?.[0]).filter(Boolean);
    assert.deepEqual(scopes, route.access === 'public' ? [] : [route.access.scope]);
    for (const status of ['429', '500', '503'])
      assert.ok(operation.responses[status], `it can answer ${status}`);
  });
}
