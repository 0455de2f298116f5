/** Guarantee: what machines ask about the hub itself is answered while the database is away, and has its limit all the same. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hubError } from '@quantum-hub/kernel';
import { Limiter } from '../limits/limiter.ts';
import { defaultLimits } from '../limits/rules.ts';
import { Metrics } from '../operations/metrics.ts';
import { operationRoutes } from '../operations/operation-routes.ts';
import { asService, thingRoutes } from '../test-routes.ts';
import { startTestHub, testActor } from '../testing/index.ts';

const away = async () => {
  throw hubError('database.unreachable', { address: 'db:5432', reason: 'on purpose' });
};
const readiness = async () => [{ name: 'database', ok: false, text: 'does not answer' }];
const operations = operationRoutes({ readiness, metrics: new Metrics() });
const services = [{ service: 'hub' as const, routes: operations }, asService(thingRoutes)];

test('health, readiness, figures and pages of errors need neither limits nor accounts out of the database', async () => {
  const limiter = new Limiter(away, defaultLimits);
  await using hub = await startTestHub({ services, limiter, authenticate: away });
  assert.equal((await hub.request('GET', '/v1/things/a', { as: testActor() })).status, 503);
  for (const as of [undefined, 'qh_live_whatever', testActor()]) {
    const health = await hub.request('GET', '/healthz', { as });
    assert.deepEqual([health.status, health.body], [200, { status: 'alive' }]);
    const ready = await hub.request('GET', '/readyz', { as });
    assert.equal(ready.status, 503);
    assert.deepEqual(ready.body.checks[1], { name: 'database', ok: false, text: 'does not answer' });
    assert.match((await hub.request('GET', '/metrics', { as })).body, /^# HELP /);
    assert.equal((await hub.request('GET', '/errors/database.unreachable', { as })).status, 200);
  }
});

test('they are limited by address, in this process', async () => {
  await using hub = await startTestHub({
    services,
    rules: { anonymous: { requests: 3, windowSeconds: 60 } },
  });
  const statuses = [];
  for (let turn = 0; turn < 4; turn += 1) statuses.push((await hub.request('GET', '/healthz')).status);
  assert.deepEqual(statuses, [200, 200, 200, 429]);
  const thing = await hub.request('GET', '/v1/things/a', { as: testActor() });
  assert.equal(thing.status, 200, 'a count of their own');
});
