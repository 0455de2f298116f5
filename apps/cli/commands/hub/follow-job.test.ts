/**
 * Guarantee: whoever waits for a job never loses it: a hub that goes away is named together with the job that it keeps; and is told why a job
 * does not start.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type HubClient, HubProblem } from '@quantum-hub/client';
import { follow } from './follow-job.ts';

const id = '019ab2f4-7c30-7d62-8f4e-1f1f0a3c9b11';

/** Sends the beginning of a job's events and is away from then on; tried again without a pause. */
function hubThatGoesAway(): HubClient & { asked: number } {
  const hub = {
    asked: 0,
    url: 'http://127.0.0.1:1',
    open: async () => {
      hub.asked += 1;
      if (hub.asked === 1)
        return new Response('retry: 1\n\nid: 1\nevent: job\ndata: {"number":1,"status":"queued"}\n\n', {
          headers: { 'content-type': 'text/event-stream' },
        });
      throw new HubProblem({ status: 0, code: 'client.unreachable', message: 'no hub answers.' });
    },
  };
  return hub as unknown as HubClient & { asked: number };
}

test('a hub that goes away is tried again, and the fault names the job and how to go on', async () => {
  const hub = hubThatGoesAway();
  await assert.rejects(follow(hub, id, 'bell', { json: true }), {
    name: 'HubProblem',
    code: 'client.unreachable',
    message: `no hub answers. The job ${id} is kept there: npx qhub jobs watch ${id} when the hub answers again`,
  });
  assert.ok(hub.asked > 5, `asked ${hub.asked} times`);
});

test('what the hub refuses is told as it is, at once', async () => {
  const refused = new HubProblem({ status: 404, code: 'execution.job_not_found', message: 'no such job' });
  const hub = { open: async () => Promise.reject(refused) } as unknown as HubClient;
  await assert.rejects(follow(hub, id, 'bell', { json: true }), (error) => error === refused);
});

/** A job that stays queued until somebody has asked for its device, and completes then. */
function hubWithQueuedJob(device: { status: string }, queue: object): HubClient {
  const event = (number: number, status: string) =>
    Buffer.from(`id: ${number}\nevent: job\ndata: ${JSON.stringify({ number, status })}\n\n`);
  const { promise: looked, resolve: look } = Promise.withResolvers<void>();
  const events = new ReadableStream<Uint8Array>({
    async start(controller) {
      controller.enqueue(event(2, 'queued'));
      await looked;
      controller.enqueue(event(3, 'running'));
      controller.enqueue(event(4, 'completed'));
      controller.close();
    },
  });
  const answers: Record<string, () => object> = {
    '/v1/jobs/{id}': () => ({ status: 'queued', device: 'local/noisy', queue }),
    '/v1/devices/{platform}/{name}': () => {
      setImmediate(look);
      return device;
    },
  };
  const api = { GET: async (path: string) => ({ data: answers[path]?.() }) };
  const ask = async (call: (api: unknown) => Promise<{ data: unknown }>) => (await call(api)).data;
  return {
    url: 'http://127.0.0.1:1',
    ask,
    open: async () => new Response(events, { headers: { 'content-type': 'text/event-stream' } }),
  } as unknown as HubClient;
}

for (const [status, queue, said] of [
  ['maintenance', { ahead: 0 }, 'it waits: local/noisy is in maintenance, until an operator enables it'],
  ['offline', { ahead: 0 }, 'it waits: local/noisy is offline, until an operator enables it'],
  ['online', { ahead: 1, exact: true }, 'it waits: 1 job of this device starts before it'],
  ['online', { ahead: 20_000, exact: false }, 'it waits: 20000 jobs or more of this device start before it'],
] as const) {
  test(`a job that does not start says why: ${said}`, async (t) => {
    const lines: string[] = [];
    t.mock.method(process.stderr, 'write', (text: string) => lines.push(text.trim()) > 0);
    const ended = await follow(hubWithQueuedJob({ status }, queue), id, 'bell', { patienceMs: 1 });
    t.mock.restoreAll();
    assert.deepEqual([lines, ended.status], [['queued', said, 'running', 'completed'], 'completed']);
  });
}
