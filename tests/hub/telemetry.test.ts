/**
 * Guarantee: traces tell which route was called, with which answer and which statements, and nothing of what people sent; a
 * collector that is dead harms nothing; without the setting nothing of OpenTelemetry is loaded.
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';
import { startTestHub } from '../../apps/cli/test-hub.ts';
import { root } from '../../tools/rooms.ts';
import { Collector } from './test-collector.ts';
import { readTraces } from './test-otlp.ts';

const password = 'marble otter sings at noon';

/** What `callHub` calls, as its spans are named, with the answer. */
const calls = [
  'GET /v1/blobs/:token 404',
  'GET /v1/me 200',
  'GET /v1/me 401',
  'POST /v1/sessions 201',
  'POST /v1/signup 201',
];

/** Calls a hub that was started with these variables, and stops it: its last spans go out then. */
async function callHub(variables: Record<string, string>): Promise<string[]> {
  const before = { ...process.env };
  Object.assign(process.env, variables);
  await using hub = await startTestHub();
  process.env = before;
  const call = async (method: string, path: string, body?: unknown, token?: string) => {
    const response = await fetch(hub.url + path, {
      method,
      headers: {
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...(token && { authorization: `Bearer ${token}` }),
      },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    return { status: response.status, body: (await response.json()) as Record<string, string> };
  };
  const person = { username: 'ada', password, email: 'private@example.org' };
  assert.equal((await call('POST', '/v1/signup', person)).status, 201);
  const { body: session } = await call('POST', '/v1/sessions', { account: 'ada', password });
  assert.equal((await call('GET', '/v1/me', undefined, session.token)).status, 200);
  assert.equal((await call('GET', '/v1/blobs/secret-of-a-link?token=in-the-query')).status, 404);
  assert.equal((await call('GET', '/v1/me')).status, 401);
  assert.equal((await call('GET', '/healthz')).status, 200);
  return [password, 'private@example.org', 'secret-of-a-link', 'in-the-query', session.token ?? ''];
}

test('a request is a span of its route with its status, its statements are beside it, and no secret is in any', async () => {
  await using collector = await Collector.start();
  const secrets = await callHub({
    OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
    OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
  });
  const { spans } = collector;
  assert.ok(collector.received.every(({ path }) => path === '/v1/traces'));
  assert.deepEqual([...new Set(spans.map(({ service }) => service))], ['quantum-hub']);
  const told = spans
    .filter(({ attributes }) => attributes['http.route'] !== undefined)
    .map(({ name, attributes }) => {
      assert.equal(name.split(' ')[1], attributes['http.route']);
      return `${name} ${attributes['http.response.status_code']}`;
    });
  assert.deepEqual(told.toSorted(), calls);
  const statements = spans.map(({ attributes }) => String(attributes['db.query.text'] ?? ''));
  assert.ok(
    statements.some((sql) => /identity\.\w*session/.test(sql)),
    'statements are told',
  );
  for (const secret of secrets) {
    assert.ok(secret.length > 10);
    assert.equal(collector.text.includes(secret), false, `${secret.slice(0, 12)}... was sent`);
  }
});

test('without a protocol it is protobuf; with a dead collector everything goes on and ends', async () => {
  const collector = await Collector.start();
  const variables = { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url };
  await callHub(variables);
  assert.ok(collector.received.length > 0);
  assert.deepEqual([...new Set(collector.received.map(({ type }) => type))], ['application/x-protobuf']);
  const spans = collector.received.flatMap(({ body }) => readTraces(body));
  assert.deepEqual([...new Set(spans.map(({ service }) => service))], ['quantum-hub']);
  const served = spans.filter(({ attributes }) => attributes['http.route'] !== undefined);
  const told = served.map(({ name, attributes }) => `${name} ${attributes['http.response.status_code']}`);
  assert.deepEqual(told.toSorted(), calls);
  const hour = 3_600_000n * 1_000_000n;
  for (const { kind, traceId, spanId, startTimeUnixNano: start, endTimeUnixNano: end } of served) {
    assert.deepEqual([kind, traceId.length, spanId.length], [2, 16, 8]);
    const now = BigInt(Date.now()) * 1_000_000n;
    assert.ok(start <= end && end - start < hour && now - start < hour, `${start} to ${end}`);
  }
  const ids = new Set(served.map(({ spanId }) => Buffer.from(spanId).toString('hex')));
  const within = spans.filter(({ parentSpanId = [] }) => ids.has(Buffer.from(parentSpanId).toString('hex')));
  assert.ok(
    within.some(({ attributes }) => 'db.query.text' in attributes),
    'statements hang under their request',
  );
  await collector[Symbol.asyncDispose]();
  await callHub(variables);
});

// The figures' library loads the API, which does nothing without the rest.
test('nothing of it is loaded where it is not configured', () => {
  const program = `
    import { registerHooks } from 'node:module';
    const loaded = [];
    registerHooks({ load: (url, context, next) => { loaded.push(url); return next(url, context); } });
    process.argv = [process.argv[0], 'start.js', '--help'];
    await import(${JSON.stringify(join(root, 'apps/hub/start.js'))});
    console.error(JSON.stringify([loaded.length, loaded.filter((url) => /opentelemetry.(sdk|instr|otlp|exporter)/.test(url))]));`;
  const env = { ...process.env, OTEL_EXPORTER_OTLP_ENDPOINT: '' };
  const { stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', program], {
    env,
    encoding: 'utf8',
  });
  const [count, telemetry] = JSON.parse(stderr.trim().split('\n').at(-1) ?? '');
  assert.ok(count > 100, `${count} modules`);
  assert.deepEqual(telemetry, []);
});
