/**
 * Guarantee: while the database does not answer, a hub still says that it lives, that it is not ready, and its figures; a supervisor that
 * restarts what does not live leaves it alone. Callers of all else are told to come back.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hubError } from '@quantum-hub/kernel';
import { Limiter } from '../limits/limiter.ts';
import { defaultLimits } from '../limits/rules.ts';
import { Metrics } from '../operations/metrics.ts';
import { operationRoutes } from '../operations/operation-routes.ts';
import { asService, thingRoutes } from '../test-routes.ts';
import { startTestHub } from '../testing/index.ts';

const unreachable = async () => {
  throw hubError('database.unreachable', { address: '127.0.0.1:5432' });
};
const services = [
  asService(thingRoutes),
  {
    service: 'hub' as const,
    routes: operationRoutes({
      readiness: async () => [{ name: 'database', ok: false, text: 'does not answer' }],
      metrics: new Metrics(),
      metricsToken: undefined,
    }),
  },
];

test('health, readiness, figures and documents need no database, whoever asks', async () => {
  const anonymous = { requests: 6, windowSeconds: 60 };
  const limiter = new Limiter(unreachable, { ...defaultLimits, anonymous });
  await using hub = await startTestHub({ services, limiter, authenticate: unreachable });
  const ask = async (path: string, as?: string) => {
    const { status, body } = await hub.request('GET', path, { as });
    return [status, body.code ?? body.status];
  };
  assert.deepEqual(await ask('/v1/things/a'), [503, 'database.unreachable']);
  assert.deepEqual(await ask('/healthz'), [200, 'alive']);
  assert.deepEqual(await ask('/healthz', 'qh_live_of_a_supervisor'), [200, 'alive']);
  assert.deepEqual(await ask('/readyz'), [503, 'not ready']);
  assert.equal((await ask('/metrics'))[0], 200);
  assert.equal((await ask('/openapi.json'))[0], 200);
  assert.equal((await ask('/docs/'))[0], 200);
});

test('what is no route is told so without the database, and a scan of them has its limit', async () => {
  const address = { requests: 3, windowSeconds: 60 };
  const limiter = new Limiter(unreachable, { ...defaultLimits, address });
  await using hub = await startTestHub({ services, limiter });
  const answers = [];
  for (const path of ['/wp-login.php', '/v1/nothing', '/.env', '/v1/things/a/b/c'])
    answers.push(await hub.request('GET', path));
  assert.deepEqual(
    answers.map(({ status }) => status),
    [404, 404, 404, 429],
  );
  assert.ok(Number(answers[3]?.headers.get('retry-after')) > 0);
  assert.equal((await hub.request('GET', '/healthz')).status, 200, 'a count of their own');
});

test('they are counted by the process itself', async () => {
  const limiter = new Limiter(unreachable, {
    ...defaultLimits,
    anonymous: { requests: 2, windowSeconds: 60 },
  });
  await using hub = await startTestHub({ services, limiter });
  const statuses = [];
  for (let turn = 0; turn < 3; turn += 1) statuses.push((await hub.request('GET', '/healthz')).status);
  assert.deepEqual(statuses, [200, 200, 429]);
});
