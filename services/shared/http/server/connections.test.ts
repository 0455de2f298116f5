/** Guarantee: nobody keeps others out by holding connections open; who is refused is told, and a place that is free is taken. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import { asService, thingRoutes } from '../test-routes.ts';
import { startTestHub, type TestHub } from '../testing/index.ts';

const services = [asService(thingRoutes)];

/** A connection that asks nothing, once the server has seen it. */
async function hold({ url, server }: TestHub): Promise<Socket> {
  const seen = once(server.app.server, 'connection');
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  await seen;
  return socket;
}

test('one address has a fifth of the connections; the next is told why, logged once, and one that closes makes room', async () => {
  await using hub = await startTestHub({ services, limits: { connections: 15 } });
  const held = [await hold(hub), await hold(hub), await hold(hub)];
  for (let turn = 0; turn < 2; turn += 1) {
    const said = await text(await hold(hub));
    const [head, body = ''] = said.split('\r\n\r\n');
    assert.match(String(head), /^HTTP\/1\.1 503 Service Unavailable\r\n.*application\/problem\+json/s);
    assert.equal(JSON.parse(body).code, 'http.too_many_connections');
  }
  const told = hub.log.lines.filter(({ text: line }) => line === 'connections are refused');
  assert.equal(told.length, 1);
  assert.match(String(told[0]?.fields.detail), /3 connections from 127\.0\.0\.1/);

  const [first] = held;
  const gone = once(first as Socket, 'close');
  first?.destroy();
  await gone;
  let answer: string;
  // The server hears of the end in a moment of its own.
  do answer = await ask(hub);
  while (/503/.test(answer.slice(0, 20)));
  assert.match(answer, /^HTTP\/1\.1 404 /);
  for (const socket of held) socket.destroy();
});

test('a trusted proxy has all of them, and no more', async () => {
  await using hub = await startTestHub({
    services,
    limits: { connections: 5 },
    trustedProxies: ['127.0.0.0/8'],
  });
  const held = [];
  for (let number = 0; number < 5; number += 1) held.push(await hold(hub));
  assert.match(await text(await hold(hub)), /^HTTP\/1\.1 503 /);
  for (const socket of held) socket.destroy();
});

async function ask(hub: TestHub): Promise<string> {
  const socket = await hold(hub);
  socket.on('error', () => {});
  socket.write('GET /nothing HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n');
  return await text(socket);
}
