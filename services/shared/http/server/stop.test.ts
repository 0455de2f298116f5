/** Guarantee: a stop finishes what is being answered, ends what only waits, takes nothing new, and comes to an end. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { test } from 'node:test';
import { asService, waitingRoutes } from '../test-routes.ts';
import { startTestHub } from '../testing/index.ts';

test('a request under way is answered whole while the server stops', async () => {
  const waiting = waitingRoutes();
  const hub = await startTestHub({ services: [asService(waiting.routes)] });
  const slow = hub.request('GET', '/v1/slow');
  await waiting.entered;
  const closed = hub.server.close();
  waiting.release();
  assert.deepEqual([(await slow).status, (await slow).body], [200, 'finished']);
  await closed;
  assert.deepEqual(waiting.aborted, []);
  await assert.rejects(hub.request('GET', '/v1/slow'), /fetch failed/);
});

test('long polls and streams of events end at once', async () => {
  const waiting = waitingRoutes();
  const hub = await startTestHub({ services: [asService(waiting.routes)] });
  const events = await hub.fetch('GET', '/v1/events');
  const poll = hub.request('GET', '/v1/poll');
  await waiting.entered;
  const closed = hub.server.close();
  assert.equal((await poll).body, 'nothing new');
  assert.match(await events.text(), /^retry: 2000\n\nid: 1\nevent: made\ndata: \{"name":"first"\}\n\n/);
  await closed;
  assert.deepEqual(waiting.aborted, ['events']);
});

test('connections that asked nothing, as browsers open them ahead, hold nothing up', {
  timeout: 60_000,
}, async () => {
  const hub = await startTestHub({ services: [], limits: { stopSeconds: 3600 } });
  const accepted = once(hub.server.app.server, 'connection');
  const socket = connect(Number(new URL(hub.url).port), '127.0.0.1');
  const gone = once(socket, 'close');
  await accepted;
  await Promise.all([hub.server.close(), gone]);
});

test('what does not end in time is cut', async () => {
  const waiting = waitingRoutes();
  const hub = await startTestHub({ services: [asService(waiting.routes)], limits: { stopSeconds: 0.05 } });
  const slow = hub.request('GET', '/v1/slow');
  await waiting.entered;
  const [cut] = await Promise.all([slow.catch((error) => error), hub.server.close()]);
  assert.match(String(cut), /fetch failed|terminated/);
  while (waiting.aborted.length === 0) await new Promise<void>((done) => setImmediate(done));
  assert.deepEqual(waiting.aborted, ['slow']);
  waiting.release();
});

test('a handler that takes too long is told so by its signal, and its caller that the outcome is open', async () => {
  const waiting = waitingRoutes();
  await using hub = await startTestHub({ services: [asService(waiting.routes)] });
  const { status, body, headers } = await hub.request('GET', '/v1/hurried');
  assert.deepEqual([status, body.code, headers.get('retry-after')], [503, 'http.took_too_long', '5']);
  assert.deepEqual(waiting.aborted, ['hurried']);
});

test('a client that goes away aborts the signal of its call; a stream of bytes arrives whole', async () => {
  const waiting = waitingRoutes();
  await using hub = await startTestHub({ services: [asService(waiting.routes)] });
  assert.equal((await hub.request('GET', '/v1/file')).body, 'bytes');
  const leave = new AbortController();
  const events = await hub.fetch('GET', '/v1/events', { signal: leave.signal });
  const reader = events.body?.getReader();
  let text = '';
  while (!text.includes(': still here')) text += Buffer.from((await reader?.read())?.value ?? []).toString();
  leave.abort();
  while (waiting.aborted.length === 0) await new Promise<void>((done) => setImmediate(done));
  assert.deepEqual(waiting.aborted, ['events']);
});

test('HEAD on a stream of events ends at once, and so does its source', async () => {
  const waiting = waitingRoutes();
  await using hub = await startTestHub({ services: [asService(waiting.routes)] });
  const head = await hub.request('HEAD', '/v1/events');
  assert.equal(head.status, 200);
  assert.equal(head.headers.get('content-type'), 'text/event-stream; charset=utf-8');
  assert.deepEqual(waiting.aborted, ['events']);
});

test('a taken port is told by its number, with what to do', async () => {
  await using hub = await startTestHub({ services: [] });
  const port = Number(new URL(hub.url).port);
  await using other = await startTestHub({ services: [] });
  await other.server.close();
  const { buildServer } = await import('./build-server.ts');
  await using third = await buildServer({
    services: [],
    authenticate: async () => undefined,
    limiter: hub.limiter,
    log: hub.log as never,
    metrics: new (await import('../operations/metrics.ts')).Metrics(),
    openapi: '{}',
  });
  await assert.rejects(third.listen({ host: '127.0.0.1', port }), {
    code: 'http.port_taken',
    message: `something else listens on 127.0.0.1:${port} already; stop it, or set QHUB_HTTP_PORT to a free port (0 takes any)`,
  });
});
