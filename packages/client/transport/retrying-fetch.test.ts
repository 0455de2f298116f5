/** Guarantee: only what may be repeated is sent again, as often and as late as asked, and a hub that is away is told plainly. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { HubProblem } from '../problem.ts';
import { type RetryOptions, retryingFetch } from './retrying-fetch.ts';

const url = 'http://hub.test/v1/jobs';

/** What a request met, try after try; the last one goes on. */
type Step = number | 'reset' | { status: number; retryAfter: string };

function network(steps: readonly Step[], options: RetryOptions = {}) {
  const seen: { body: string; key: string | null }[] = [];
  const pauses: number[] = [];
  const send = retryingFetch({
    ...options,
    fetch: async (request) => {
      const step = steps[Math.min(seen.length, steps.length - 1)] as Step;
      seen.push({ body: await request.text(), key: request.headers.get('idempotency-key') });
      if (step === 'reset') throw new TypeError('fetch failed', { cause: { code: 'ECONNRESET' } });
      const { status, retryAfter } =
        typeof step === 'number' ? { status: step, retryAfter: undefined } : step;
      return new Response('{}', { status, headers: retryAfter ? { 'retry-after': retryAfter } : {} });
    },
    pause: async (milliseconds) => {
      pauses.push(milliseconds);
    },
  });
  return { send, seen, pauses };
}

describe('retryingFetch', () => {
  it('sends a request again that may be repeated, with the same body', async () => {
    const { send, seen } = network(['reset', 503, 200]);
    const answer = await send(new Request(url, { method: 'PUT', body: '{"shots":1}' }));
    assert.equal(answer.status, 200);
    assert.deepEqual(
      seen.map(({ body }) => body),
      ['{"shots":1}', '{"shots":1}', '{"shots":1}'],
    );
  });

  it('never repeats a creation without a key, and does with one', async () => {
    const bare = network(['reset', 200]);
    await assert.rejects(bare.send(new Request(url, { method: 'POST', body: '{}' })), {
      code: 'client.unreachable',
      status: 0,
    });
    assert.equal(bare.seen.length, 1);
    const keyed = network(['reset', 201]);
    const request = new Request(url, { method: 'POST', body: '{}', headers: { 'idempotency-key': 'k' } });
    assert.equal((await keyed.send(request)).status, 201);
    assert.deepEqual(
      keyed.seen.map(({ key }) => key),
      ['k', 'k'],
    );
  });

  it('gives other answers back at once', async () => {
    for (const status of [200, 304, 404, 409, 422, 500]) {
      const { send, seen } = network([status === 304 ? 200 : status]);
      await send(new Request(url));
      assert.equal(seen.length, 1);
    }
  });

  it('waits as long as the hub asks, and longer from try to try otherwise', async () => {
    const asked = network([{ status: 429, retryAfter: '7' }, 200]);
    await asked.send(new Request(url));
    assert.deepEqual(asked.pauses, [7000]);
    const silent = network([503, 503, 503, 503, 503], { pauseMs: 100 });
    assert.equal((await silent.send(new Request(url))).status, 503);
    assert.equal(silent.pauses.length, 4);
    for (const [at, pause] of silent.pauses.entries()) {
      assert.ok(pause >= 50 * 2 ** at && pause <= 100 * 2 ** at, `${pause} ms before try ${at + 2}`);
    }
  });

  it('does not wait for what is too far off', async () => {
    const { send, seen, pauses } = network([{ status: 429, retryAfter: '3600' }]);
    assert.equal((await send(new Request(url))).status, 429);
    assert.deepEqual([seen.length, pauses], [1, []]);
  });

  it('gives up a try that takes too long, and says so', async () => {
    const send = retryingFetch({
      retries: 0,
      timeoutMs: 5,
      fetch: (request) =>
        new Promise((_, reject) =>
          request.signal.addEventListener('abort', () => reject(request.signal.reason)),
        ),
    });
    await assert.rejects(send(new Request(url)), (error: unknown) => {
      assert.ok(error instanceof HubProblem);
      assert.equal(error.code, 'client.timeout');
      assert.match(error.message, /http:\/\/hub\.test did not answer within 0\.005 s/);
      return true;
    });
  });

  it('stops with the reason of whoever aborts', async () => {
    const reason = new Error('enough');
    const aborted = AbortSignal.abort(reason);
    const { send, seen } = network(['reset']);
    await assert.rejects(send(new Request(url, { signal: aborted })), (error) => error === reason);
    assert.ok(seen.length <= 1);
  });
});
