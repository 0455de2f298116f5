/** Guarantee: every route lets in whom the written table names, and nobody else: each kind of caller knocks at each door. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { documentedServices } from '../../apps/hub/openapi.ts';
import type { Actor } from '../../services/shared/http/index.ts';
import { Answer, type Route } from '../../services/shared/http/index.ts';
import { startTestHub, type TestHub, testActor } from '../../services/shared/http/testing/index.ts';
import { type AccessRow, accessTable } from './access-table.ts';

const services = documentedServices();
const routes = services.flatMap((service) => service.routes);
const roles = ['consumer', 'developer', 'provider', 'operator', 'administrator'] as const;
let hub: TestHub;

/** The same door before a handler that only says that it was reached. */
const behindItsDoor = (route: Route): Route => ({
  ...route,
  params: undefined,
  query: undefined,
  body: undefined,
  answers: { 204: null },
  idempotency: undefined,
  limit: undefined,
  handle: async () => new Answer(204),
});

before(async () => {
  const plenty = { requests: 1_000_000, windowSeconds: 60 };
  hub = await startTestHub({
    services: services.map(({ service, routes: own }) => ({ service, routes: own.map(behindItsDoor) })),
    rules: { credential: plenty, address: plenty, anonymous: plenty },
  });
});
after(async () => await hub[Symbol.asyncDispose]());

/** What the table says that a caller is answered. */
function expected(row: AccessRow, actor: Actor | undefined): number {
  if (row.scope === 'nobody needs one') return 204;
  if (!actor) return 401;
  if (row.session && actor.via === 'key') return 403;
  if (actor.scopes !== 'all' && !actor.scopes.includes(row.scope)) return 403;
  const fits =
    row.role === undefined || actor.roles.some((role) => role === row.role || role === 'administrator');
  return fits ? 204 : 403;
}

function callers({ scope }: AccessRow): readonly (Actor | undefined)[] {
  const everyScope = [...new Set(Object.values(accessTable).map((row) => row.scope))];
  return [
    undefined,
    ...roles.map((role) => testActor({ roles: [role] })),
    ...roles.map((role) => testActor({ roles: [role], via: 'key', scopes: [scope] })),
    testActor({
      roles: ['administrator'],
      via: 'key',
      scopes: everyScope.filter((other) => other !== scope),
    }),
  ];
}

test('every route has a row, and every row a route', () => {
  assert.deepEqual(routes.map(({ name }) => name).sort(), Object.keys(accessTable).sort());
});

test('every route answers each kind of caller as its row says', async () => {
  for (const route of routes) {
    const row = accessTable[route.name] as AccessRow;
    for (const actor of callers(row)) {
      const path = route.path.replace(/:\w+/g, 'x');
      const { status } = await hub.request(route.method, path, { as: actor });
      const who = actor ? `${actor.roles} by ${actor.via} with ${actor.scopes}` : 'nobody';
      assert.equal(status, expected(row, actor), `${route.name} for ${who}`);
    }
  }
});
