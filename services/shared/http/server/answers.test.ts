/** Guarantee: every answer, of a route or of the server itself, is what the route declares or a problem with its code. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Metrics } from '../operations/metrics.ts';
import { operationRoutes } from '../operations/operation-routes.ts';
import { asService, faultyRoutes, thingRoutes, thingTag } from '../test-routes.ts';
import { startTestHub, type TestHub, type TestRequest, testActor } from '../testing/index.ts';

let hub: TestHub;
const person = testActor();
const operator = testActor({ roles: ['operator'] });
const key = testActor({ via: 'key', scopes: ['execution:read', 'execution:write'] });

before(async () => {
  const metrics = new Metrics();
  const operations = operationRoutes({ readiness: async () => [], metrics });
  hub = await startTestHub({
    metrics,
    services: [asService(thingRoutes, faultyRoutes), { service: 'hub', routes: operations }],
    publicUrl: 'https://hub.example.org',
  });
});
after(async () => await hub[Symbol.asyncDispose]());

async function problem(method: string, path: string, request: TestRequest = {}) {
  const { status, headers, body } = await hub.request(method, path, request);
  assert.equal(headers.get('content-type'), 'application/problem+json; charset=utf-8');
  assert.equal(body.status, status);
  assert.equal(body.type, `https://hub.example.org/errors/${body.code}`);
  assert.equal(body.requestId, headers.get('x-request-id'));
  assert.ok(body.detail.length > 10 && body.title.length > 2);
  return { status, headers, ...body };
}

test('an answer has what its schema names and nothing else, an ETag, and is kept by no cache', async () => {
  const { status, headers, body } = await hub.request('GET', '/v1/things/a', { as: key });
  assert.deepEqual([status, body], [200, { id: 'a', name: 'thing' }]);
  assert.equal(headers.get('etag'), thingTag);
  assert.equal(headers.get('cache-control'), 'no-store');
});

test('what is wrong in params, query and body is told with each place, and without its value', async () => {
  const long = 'x'.repeat(21);
  const answer = await problem('GET', `/v1/things/${long}?verbose=perhaps&limti=5`, { as: key });
  assert.deepEqual([answer.status, answer.code], [400, 'http.invalid_request']);
  assert.deepEqual(
    answer.errors.map(({ path }: { path: string }) => path),
    ['/params/id', '/query/verbose', '/query'],
  );
  const body = await problem('PATCH', '/v1/things/a', { as: operator, body: { name: '', size: 'hunter2' } });
  assert.deepEqual(
    body.errors.map(({ path }: { path: string }) => path),
    ['/body/name', '/body/size'],
  );
  assert.doesNotMatch(JSON.stringify(body), /hunter2/);
});

test('nobody, a missing scope, a missing role and a key where a session is needed are told apart', async () => {
  const codeOf = async (as: TestRequest['as'], method: string, path: string) => {
    const { status, code, headers } = await problem(method, path, {
      as,
      body: method === 'GET' ? undefined : {},
    });
    return [status, code, headers.get('www-authenticate')];
  };
  const bearer = 'Bearer realm="quantum-hub"';
  assert.deepEqual(await codeOf(undefined, 'GET', '/v1/things/a'), [401, 'http.not_signed_in', bearer]);
  assert.deepEqual(await codeOf('qh_live_cut', 'GET', '/v1/things/a'), [401, 'kernel.invalid_key', bearer]);
  const poor = testActor({ via: 'key', scopes: ['identity:read'] });
  assert.deepEqual(await codeOf(poor, 'GET', '/v1/things/a'), [403, 'http.scope_missing', null]);
  assert.deepEqual(await codeOf(person, 'PATCH', '/v1/things/a'), [403, 'http.role_missing', null]);
  assert.deepEqual(await codeOf(key, 'POST', '/v1/things'), [403, 'http.session_needed', null]);
  const administrator = testActor({ roles: ['administrator'] });
  const changed = await hub.request('PATCH', '/v1/things/a', { as: administrator, body: { name: 'b' } });
  assert.equal(changed.status, 200, 'an administrator is everything');
});

test('an unknown address is 404, a known one with another method 405 with those that there are', async () => {
  assert.equal((await problem('GET', '/v1/nothing')).code, 'http.route_not_found');
  const other = await problem('DELETE', '/v1/things/a');
  assert.deepEqual([other.status, other.headers.get('allow')], [405, 'GET, HEAD, PATCH']);
  const broken = { body: '{"cut', headers: { 'content-type': 'application/json' } };
  assert.equal((await problem('PUT', '/v1/things/a', broken)).code, 'http.method_not_allowed');
  assert.equal((await problem('OPTIONS', '/v1/things/a')).code, 'http.method_not_allowed');
  assert.equal((await problem('GET', '/v1/%zz')).code, 'http.malformed');
});

test('bodies that are too large, too deep, no JSON, no UTF-8 or of another type are refused before any schema', async () => {
  const send = async (body: string | Uint8Array, type = 'application/json') => {
    const response = await fetch(`${hub.url}/v1/sign-in`, {
      method: 'POST',
      headers: { 'content-type': type },
      body: body as never,
    });
    const { code } = (await response.json()) as { code: string };
    return [response.status, code];
  };
  assert.deepEqual(await send('x'.repeat(1_100_000)), [413, 'http.body_too_large']);
  assert.deepEqual(await send(`${'['.repeat(33)}${']'.repeat(33)}`), [400, 'http.json_too_deep']);
  assert.deepEqual(await send('{"account":'), [400, 'http.invalid_json']);
  assert.deepEqual(await send('{"__proto__":{"account":"a"}}'), [400, 'http.invalid_json']);
  assert.deepEqual(await send(Uint8Array.of(0x22, 0xff, 0x22)), [400, 'http.invalid_json']);
  assert.deepEqual(await send('{"account":"\\u0000"}'), [400, 'http.invalid_text']);
  assert.deepEqual(await send('account=a', 'application/x-www-form-urlencoded'), [
    415,
    'http.unsupported_media_type',
  ]);
});

test('a fault of the inside is a 500 without a word of it, and in the log with its cause and the request', async () => {
  for (const path of ['/v1/broken', '/v1/misshapen']) {
    const answer = await problem('GET', path);
    assert.deepEqual([answer.status, answer.code], [500, 'kernel.unexpected']);
    assert.doesNotMatch(JSON.stringify(answer), /inside|schema|stack|hunter2|\.ts/);
  }
  const faults = hub.log.lines.filter(({ level }) => level === 'error');
  assert.deepEqual(
    faults.map(({ fields }) => (fields.err as Error).message.slice(0, 60)),
    [
      'something failed that should not have: secret of the inside:',
      'something failed that should not have: getMisshapen answered',
    ],
  );
});

test('a known ETag gives 304 without a body, a stale If-Match 412', async () => {
  const known = await hub.request('GET', '/v1/things/a', { as: key, headers: { 'if-none-match': thingTag } });
  assert.deepEqual([known.status, known.body], [304, '']);
  const stale = { as: operator, body: { name: 'b' }, headers: { 'if-match': 'W/"old"' } };
  assert.equal((await problem('PATCH', '/v1/things/a', stale)).code, 'http.precondition_failed');
  const fresh = { ...stale, headers: { 'if-match': thingTag } };
  assert.equal((await hub.request('PATCH', '/v1/things/a', fresh)).status, 200);
});

test('HEAD is answered as GET would be, without the body, and refused as GET would be', async () => {
  const head = await hub.request('HEAD', '/v1/things/a', { as: key });
  const got = await hub.request('GET', '/v1/things/a', { as: key });
  assert.deepEqual([head.status, head.body], [200, '']);
  for (const name of ['content-length', 'content-type', 'etag'])
    assert.equal(head.headers.get(name), got.headers.get(name), name);
  assert.equal((await hub.request('HEAD', '/v1/things/a')).status, 401);
  const known = { as: key, headers: { 'if-none-match': thingTag } };
  assert.equal((await hub.request('HEAD', '/v1/things/a', known)).status, 304);
  assert.equal((await hub.request('HEAD', '/openapi.json')).status, 200);
});

test('data runs nothing in a browser; HSTS is told for an https address only', async () => {
  const { headers } = await hub.request('GET', '/healthz');
  assert.equal(headers.get('content-security-policy'), "default-src 'none';frame-ancestors 'none'");
  assert.equal(headers.get('x-content-type-options'), 'nosniff');
  assert.match(headers.get('strict-transport-security') ?? '', /max-age=31536000/);
  assert.equal(headers.get('access-control-allow-origin'), null, 'CORS is off');
  await using plain = await startTestHub({ services: [asService(thingRoutes)] });
  assert.equal((await plain.request('GET', '/docs')).headers.get('strict-transport-security'), null);
});

test('one line is logged for each answer: the pattern of the route and who, no address of the request, no header', async () => {
  const secret = hub.secretOf(key);
  await hub.request('GET', '/v1/things/private-id?verbose=yes', { as: key });
  const line = hub.log.lines.findLast(({ fields }) => fields.route === '/v1/things/:id');
  assert.equal(line?.fields.user, key.userId);
  assert.equal(line?.fields.status, 200);
  assert.doesNotMatch(JSON.stringify(hub.log.lines), new RegExp(`private-id|${secret}`));
});

test('the page of an error says why and what to do', async () => {
  const { status, headers, body } = await hub.request('GET', '/errors/http.rate_limited');
  assert.deepEqual([status, headers.get('content-type')], [200, 'text/html; charset=utf-8']);
  assert.match(body, /<h2>What to do<\/h2><p>Wait for as long as <code>Retry-After<\/code> says/);
  assert.equal((await problem('GET', '/errors/no.such_code')).status, 404);
});

test('figures are for this machine: a proxied request for them finds nothing', async () => {
  assert.match((await hub.request('GET', '/metrics')).body, /qhub_http_requests_total\{method="GET"/);
  const proxied = await problem('GET', '/metrics', { headers: { 'x-forwarded-for': '203.0.113.9' } });
  assert.equal(proxied.status, 404);
});

test('headers beyond 16 KiB are refused with a problem too', async () => {
  const response = await fetch(`${hub.url}/healthz`, { headers: { 'x-long': 'x'.repeat(20_000) } });
  assert.equal(response.status, 431);
  assert.equal(((await response.json()) as { code: string }).code, 'http.headers_too_large');
});
