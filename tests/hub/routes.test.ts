/** Guarantee: each route is described whole: schemas, examples that fit them, errors, scope; the committed document shows them. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { z } from 'zod';
import { documentedServices } from '../../apps/hub/openapi.ts';
import type { Route } from '../../services/shared/http/index.ts';

const routes: readonly Route[] = documentedServices().flatMap((service) => service.routes);
const writes = ['POST', 'PUT', 'PATCH'];

const exampleOf = (schema: z.ZodType, own: unknown) =>
  own ?? (z.globalRegistry.get(schema)?.examples as readonly unknown[] | undefined)?.[0];

for (const route of routes) {
  test(`${route.name} says what it takes and answers`, () => {
    assert.match(route.name, /^[a-z][A-Za-z]+$/);
    assert.ok(route.summary.length >= 10, 'a sentence as its summary');
    const named = [...route.path.matchAll(/:(\w+)/g)].map(([, name]) => name).sort();
    const params = route.params instanceof z.ZodObject ? Object.keys(route.params.shape).sort() : [];
    assert.deepEqual(params, named, 'a schema for each parameter of the path');
    if (route.body) {
      assert.ok(writes.includes(route.method) || route.method === 'DELETE', 'a body where one is sent');
      const example = exampleOf(route.body, route.examples?.body);
      assert.notEqual(example, undefined, 'an example of its body');
      assert.deepEqual(route.body.safeParse(example).error?.issues, undefined, 'that fits');
    }
    const answers = Object.entries(route.answers as Record<string, z.ZodType | null>);
    assert.ok(answers.some(([status]) => /^2\d\d$/.test(status)), 'an answer when all is well');
    for (const [status, schema] of answers) {
      if (schema === null) continue;
      const example = exampleOf(schema, route.examples?.answers?.[Number(status)]);
      assert.notEqual(example, undefined, `an example of its answer ${status}`);
      assert.deepEqual(schema.safeParse(example).error?.issues, undefined, `that fits: ${status}`);
    }
  });
}
