/** Guarantee: a reader that stops reading keeps neither its connection nor what is sent to it; one that reads slowly gets all. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { Readable } from 'node:stream';
import { test } from 'node:test';
import { z } from 'zod';
import { StreamAnswer } from '../answers/answer.ts';
import { route } from '../route.ts';
import { asService } from '../test-routes.ts';
import { startTestHub, type TestHub } from '../testing/index.ts';

const wide = Buffer.alloc(65_536, 'x');
const base = { method: 'GET', tag: 'Things', summary: 'For tests.', access: 'public' } as const;
const answers = { 200: z.string() };

/** Nothing of it is small enough for the buffers of the two systems. */
function largeRoutes(chunks: number) {
  const { promise: ended, resolve: end } = Promise.withResolvers<void>();
  let left = chunks;
  const content = () =>
    new Readable({
      read() {
        left -= 1;
        this.push(left < 0 ? null : wide);
      },
      destroy(error, done) {
        end();
        done(error);
      },
    });
  const stream = route({
    ...base,
    path: '/v1/stream',
    name: 'getStream',
    answers,
    handle: async () => new StreamAnswer(200, content(), { 'content-type': 'text/plain' }),
  });
  const body = route({
    ...base,
    path: '/v1/body',
    name: 'getBody',
    answers,
    mediaTypes: { 200: 'text/plain' },
    handle: async ({ signal }) => {
      signal.addEventListener('abort', () => end());
      return 'x'.repeat(chunks * wide.length);
    },
  });
  return { routes: [stream, body], ended };
}

async function ask({ url }: TestHub, path: string): Promise<Socket> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  socket.on('error', () => {});
  await once(socket, 'connect');
  socket.write(`GET ${path} HTTP/1.1\r\nHost: hub\r\n\r\n`);
  return socket;
}

for (const path of ['/v1/stream', '/v1/body']) {
  test(`a reader that takes nothing of ${path} is cut off`, { timeout: 120_000 }, async () => {
    const large = largeRoutes(1000);
    const limits = { stallSeconds: 0.2, stopSeconds: 3600 };
    await using hub = await startTestHub({ services: [asService(large.routes)], limits });
    const socket = (await ask(hub, path)).pause();
    await large.ended;
    socket.destroy();
  });
}

test('a reader that takes some now and then gets all', { timeout: 120_000 }, async () => {
  const chunks = 100;
  const large = largeRoutes(chunks);
  const limits = { stallSeconds: 30 };
  await using hub = await startTestHub({ services: [asService(large.routes)], limits });
  const response = await hub.fetch('GET', '/v1/stream');
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.length;
    await new Promise<void>((done) => setImmediate(done));
  }
  assert.equal(bytes, chunks * wide.length);
});
