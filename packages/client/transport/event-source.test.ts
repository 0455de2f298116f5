/** Guarantee: whoever follows events can leave at any moment, also while nothing comes, and the connection is given up with that. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { HubClient } from '../create-client.ts';
import { followEvents } from './event-source.ts';

test('a stream that is silent ends with the signal', { timeout: 60_000 }, async () => {
  const { promise: given, resolve: giveUp } = Promise.withResolvers<unknown>();
  // As fetch does when the garbage collector has taken the signals that it derives from ours: the request no longer knows of it.
  const body = new ReadableStream<Uint8Array>({
    start: (controller) => controller.enqueue(Buffer.from('id: 1\nevent: job\ndata: {}\n\n')),
    cancel: giveUp,
  });
  const hub = {
    open: async () => new Response(body, { headers: { 'content-type': 'text/event-stream' } }),
  } as unknown as HubClient;
  const stop = new AbortController();
  const events = followEvents(hub, '/v1/events', { signal: stop.signal });
  assert.equal((await events.next()).value?.id, '1');
  const next = events.next();
  const reason = new Error('enough');
  stop.abort(reason);
  await assert.rejects(next, (error) => error === reason);
  assert.equal(await given, reason, 'the connection is closed');
});
