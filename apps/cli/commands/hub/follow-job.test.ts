/** Guarantee: whoever waits for a job never loses it: a hub that goes away is named together with the job that it keeps. */
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
