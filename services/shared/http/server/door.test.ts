/** Guarantee: limits, cookies, origins and proxies are judged at the door, before a body is read. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sessionCookie } from '../sign-in/session-cookie.ts';
import { asService, thingRoutes } from '../test-routes.ts';
import { startTestHub, testActor } from '../testing/index.ts';

const rule = (requests: number) => ({ requests, windowSeconds: 60 });
const services = [asService(thingRoutes)];

test('each credential has its requests, a key its own number; what is left and when is told', async () => {
  await using hub = await startTestHub({ services, rules: { credential: rule(3) } });
  const one = testActor();
  const other = testActor({ rateLimit: { requests: 1, windowSeconds: 10 } });
  const statuses: number[] = [];
  for (let turn = 0; turn < 4; turn += 1) {
    const { status, headers } = await hub.request('GET', '/v1/things/a', { as: one });
    statuses.push(status);
    assert.equal(headers.get('ratelimit-policy'), '"default";q=3;w=60');
    assert.match(headers.get('ratelimit') ?? '', new RegExp(`^"default";r=${Math.max(0, 2 - turn)};t=\\d+$`));
    assert.equal(headers.has('retry-after'), turn === 3);
  }
  assert.deepEqual(statuses, [200, 200, 200, 429]);
  assert.equal((await hub.request('GET', '/v1/things/a', { as: other })).status, 200);
  const limited = await hub.request('GET', '/v1/things/a', { as: other });
  assert.deepEqual([limited.status, limited.body.code], [429, 'http.rate_limited']);
});

test('guessing keys is limited by address, and a stricter limit counts before the body is looked at', async () => {
  const strict = { address: rule(2), account: rule(9), both: rule(9) };
  await using hub = await startTestHub({ services, rules: { anonymous: rule(4), 'sign-in': strict } });
  const signIn = async () => (await hub.request('POST', '/v1/sign-in', { body: 'no JSON' })).status;
  assert.deepEqual([await signIn(), await signIn(), await signIn()], [400, 400, 429]);
  const guess = async () => (await hub.request('GET', '/v1/things/a', { as: 'qh_live_guess' })).status;
  assert.deepEqual([await guess(), await guess(), await guess()], [401, 401, 429]);
  assert.equal(
    (await hub.request('GET', '/v1/things/a', { as: testActor() })).status,
    200,
    'who is known goes on',
  );
});

test('a cookie signs in; a write by it is taken from a page of the hub only', async () => {
  await using hub = await startTestHub({ services, publicUrl: 'https://hub.example.org' });
  const cookie = sessionCookie(hub.secretOf(testActor({ roles: ['operator'] })), new Date(Date.now() + 1e6));
  assert.match(
    cookie,
    /^__Host-qhub_session=qh_session_\w+; Expires=.*; Path=\/; Secure; HttpOnly; SameSite=Lax$/,
  );
  const headers = { cookie: cookie.split(';')[0] ?? '' };
  assert.equal((await hub.request('GET', '/v1/things/a', { headers })).status, 200);
  const write = async (more: Record<string, string>) => {
    const { status, body } = await hub.request('PATCH', '/v1/things/a', {
      body: { name: 'b' },
      headers: { ...headers, ...more },
    });
    return body.code ?? status;
  };
  assert.equal(await write({ origin: 'https://hub.example.org' }), 200);
  assert.equal(await write({ 'sec-fetch-site': 'same-origin' }), 200);
  assert.equal(await write({}), 'http.origin_refused');
  assert.equal(await write({ origin: 'https://evil.example.org' }), 'http.origin_refused');
  assert.equal(await write({ origin: 'null' }), 'http.origin_refused');
});

test('signing in from a stranger’s page is refused; a stale cookie does not hinder it', async () => {
  await using hub = await startTestHub({ services });
  const signIn = (headers: Record<string, string>) =>
    hub.request('POST', '/v1/sign-in', { body: { account: 'a' }, headers });
  assert.equal((await signIn({ origin: 'https://evil.example.org' })).body.code, 'http.origin_refused');
  assert.equal((await signIn({ origin: hub.url })).status, 204);
  assert.equal((await signIn({ cookie: '__Host-qhub_session=gone' })).status, 204);
});

test('a proxy’s word on address and request id counts only where it is trusted', async () => {
  const headers = { 'x-forwarded-for': '2001:db8::1', 'x-request-id': 'from-the-proxy' };
  await using closed = await startTestHub({ services });
  await using open = await startTestHub({ services, trustedProxies: ['127.0.0.0/8'] });
  const ask = async (hub: typeof open) => {
    const answer = await hub.request('GET', '/v1/things/a', { as: testActor(), headers });
    const line = hub.log.lines.findLast(({ fields }) => fields.route);
    return [answer.headers.get('x-request-id'), line?.fields.address];
  };
  assert.deepEqual(await ask(open), ['from-the-proxy', '2001:db8::1']);
  const [id, address] = await ask(closed);
  assert.notEqual(id, 'from-the-proxy');
  assert.equal(address, '127.0.0.1');
});

test('only origins that are named may call from pages', async () => {
  await using hub = await startTestHub({ services, corsOrigins: ['https://lab.example.org'] });
  const ask = async (origin: string) => {
    const headers = { origin, 'access-control-request-method': 'GET' };
    const response = await fetch(`${hub.url}/v1/things/a`, { method: 'OPTIONS', headers });
    return response.headers.get('access-control-allow-origin');
  };
  assert.equal(await ask('https://lab.example.org'), 'https://lab.example.org');
  assert.notEqual(await ask('https://evil.example.org'), 'https://evil.example.org');
});

test('routes that keep answers for nobody, and own ones of the hub that ask who is there, are refused when the server is made', async () => {
  const bad = { ...thingRoutes[3], idempotency: 'kept' } as (typeof thingRoutes)[number];
  await assert.rejects(
    startTestHub({ services: [asService([bad])] }),
    /signInThing keeps answers for nobody/,
  );
  await assert.rejects(
    startTestHub({ services: [{ service: 'hub', routes: thingRoutes }] }),
    /getThing is the hub's own, to which nobody signs in/,
  );
});
