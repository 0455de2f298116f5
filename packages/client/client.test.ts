/** Guarantee: over a real socket, answers come back typed or as a problem, and no event is lost or doubled. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, it } from 'node:test';
import { allPages, createHubClient, followEvents, HubProblem } from './index.ts';

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

const open: { close(): void; closeAllConnections(): void }[] = [];
afterEach(() => {
  for (const server of open.splice(0)) {
    server.close();
    server.closeAllConnections();
  }
});

async function hubOf(handler: Handler) {
  const server = createServer(handler).listen(0, '127.0.0.1');
  open.push(server);
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return createHubClient({ url: `http://127.0.0.1:${port}/`, credential: 'qh_live_x', retries: 0 });
}

describe('a client', () => {
  it('says who asks, and makes every creation repeatable', async () => {
    const seen: IncomingMessage['headers'][] = [];
    const hub = await hubOf((request, response) => {
      seen.push(request.headers);
      response.setHeader('content-type', 'application/json').end('{"ok":true}');
    });
    assert.deepEqual(await (await hub.open('/v1/me')).json(), { ok: true });
    await hub.open('/v1/jobs', { method: 'POST', body: '{}' });
    assert.equal(seen[0]?.authorization, 'Bearer qh_live_x');
    assert.equal(seen[0]?.['idempotency-key'], undefined);
    assert.match(String(seen[1]?.['idempotency-key']), /^[0-9a-f-]{36}$/);
  });

  it('never shows its credential to another place', async () => {
    const seen: (string | undefined)[] = [];
    const note: Handler = (request, response) => {
      seen.push(request.headers.authorization);
      response.end();
    };
    const [hub, elsewhere] = [await hubOf(note), await hubOf(note)];
    await hub.open(`${elsewhere.url}/file`);
    assert.deepEqual(seen, [undefined]);
  });

  it('throws what the hub says, with every fault and the id of the request', async () => {
    const problem = {
      type: 'https://hub/errors/execution.program_invalid',
      title: 'Unprocessable Content',
      status: 422,
      code: 'execution.program_invalid',
      detail: 'the program has an error',
      requestId: 'r-1',
      errors: [{ line: 3, column: 5, length: 2, code: 'unknown-name', message: 'q is not declared' }],
    };
    const hub = await hubOf((_, response) => {
      response.writeHead(422, { 'content-type': 'application/problem+json' }).end(JSON.stringify(problem));
    });
    await assert.rejects(hub.open('/v1/jobs', { method: 'POST', body: '{}' }), (error: unknown) => {
      assert.ok(error instanceof HubProblem);
      const { status, code, message, requestId, errors } = error;
      assert.deepEqual([status, code, message, requestId], [422, problem.code, problem.detail, 'r-1']);
      assert.deepEqual(errors, problem.errors);
      return true;
    });
  });

  it('takes a page of a proxy for what it is', async () => {
    const hub = await hubOf((_, response) => response.writeHead(502).end('<html>Bad Gateway</html>'));
    await assert.rejects(hub.open('/'), {
      status: 502,
      code: 'client.unexpected_answer',
      message: /502 Bad Gateway/,
    });
  });

  it('takes a success that is no JSON for another server, in one sentence', async () => {
    const hub = await hubOf((_, response) => response.end('<html>'));
    await assert.rejects(
      hub.ask((api) => api.GET('/v1/me')),
      { status: 0, code: 'client.unexpected_answer', message: /is no Quantum Hub: .*is this its address\?$/ },
    );
  });

  it('finds a hub below a path, by operation and by path alike', async () => {
    const seen: (string | undefined)[] = [];
    const { url } = await hubOf((request, response) => {
      seen.push(request.url);
      response.setHeader('content-type', 'application/json').end('{}');
    });
    const hub = createHubClient({ url: `${url}/quantum/`, retries: 0 });
    await hub.ask((api) => api.GET('/v1/me'));
    await hub.open('/v1/me');
    assert.deepEqual(seen, ['/quantum/v1/me', '/quantum/v1/me']);
  });

  it('asks again for a document that was cut, and says so when it stays cut', async () => {
    let asked = 0;
    const { url } = await hubOf((_, response) => {
      asked += 1;
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': '11' });
      if (asked === 2) response.end('{"ok":true}');
      else response.write('{"ok"', () => response.destroy());
    });
    const ask = (retries: number) => createHubClient({ url, retries, pauseMs: 1 }).open('/v1/me');
    assert.deepEqual(await (await ask(1)).json(), { ok: true });
    await assert.rejects(ask(0), { status: 0, code: 'client.unreachable' });
  });

  it('says that no hub is there', async () => {
    const hub = createHubClient({ url: 'http://hub.invalid', retries: 0 });
    await assert.rejects(hub.open('/'), {
      status: 0,
      code: 'client.unreachable',
      message: /^no hub answers at http:\/\/hub\.invalid: .*is it running, and is this its address\?$/,
    });
  });

  it('reads a list to its end', async () => {
    const pages = new Map([
      [undefined, { items: [1, 2], nextCursor: 'a' }],
      ['a', { items: [], nextCursor: 'b' }],
      ['b', { items: [3] }],
    ]);
    const read = async (cursor: string | undefined) =>
      pages.get(cursor) as { items: number[]; nextCursor?: string };
    const items: number[] = [];
    for await (const item of allPages(read)) items.push(item);
    assert.deepEqual(items, [1, 2, 3]);
  });
});

describe('events', () => {
  it('go on after the last one that was seen when the connection is lost', async () => {
    const asked: (string | undefined)[] = [];
    const hub = await hubOf((request, response) => {
      const last = request.headers['last-event-id'] as string | undefined;
      asked.push(last);
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      const next = Number(last ?? 0) + 1;
      response.write(`retry: 1\n\n: a comment\n\nid: ${next}\nevent: status\ndata: {"n":${next}}\n\n`, () => {
        // The second half of an event is lost with its connection.
        response.write(`id: ${next + 1}\ndata: {"n"`, () => response.destroy());
      });
    });
    const seen: unknown[] = [];
    for await (const { id, event, data } of followEvents(hub, '/v1/jobs/1/events')) {
      seen.push([id, event, data]);
      if (seen.length === 3) break;
    }
    assert.deepEqual(seen, [
      ['1', 'status', { n: 1 }],
      ['2', 'status', { n: 2 }],
      ['3', 'status', { n: 3 }],
    ]);
    assert.deepEqual(asked, [undefined, '1', '2']);
  });

  it('go on over a hub that restarts, whose proxy says that it is not there', async () => {
    let asked = 0;
    const hub = await hubOf((_, response) => {
      asked += 1;
      if (asked === 1) return response.writeHead(503).end();
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      return response.write('id: 1\ndata: {"n":1}\n\n');
    });
    const events = followEvents(hub, '/v1/jobs/1/events', { pauseMs: 1 });
    assert.deepEqual((await events.next()).value?.data, { n: 1 });
    await events.return();
    assert.equal(asked, 2);
  });

  it('give up where every stream ends at once without one, later each time, and say so', async () => {
    const asked: number[] = [];
    const hub = await hubOf((_, response) => {
      asked.push(performance.now());
      response.writeHead(200, { 'content-type': 'text/event-stream' }).end('retry: 10\n\n: nothing\n\n');
    });
    await assert.rejects(followEvents(hub, '/v1/jobs/1/events', { tries: 4 }).next(), {
      name: 'HubProblem',
      status: 0,
      code: 'client.no_events',
      message: /^the hub at \S+ ended the stream of events 4 times without one/,
    });
    assert.equal(asked.length, 4);
    const [first = 0, second = 0, , last = 0] = asked;
    assert.ok(second - first >= 9 && last - first >= 69, 'after 10, 20 and 40 ms');
  });

  it('are awaited for as long as connections last, though something cuts them before the first', async () => {
    let asked = 0;
    const hub = await hubOf((_, response) => {
      asked += 1;
      const text = asked < 6 ? ': still here\n\n' : 'id: 1\ndata: {"n":1}\n\n';
      response.writeHead(200, { 'content-type': 'text/event-stream' }).write(text, () => response.end());
    });
    const events = followEvents(hub, '/v1/jobs/1/events', { pauseMs: 1, tries: 2, steadyMs: 0 });
    assert.deepEqual((await events.next()).value?.data, { n: 1 });
    await events.return();
    assert.equal(asked, 6);
  });

  it('end for good where the hub says that there are none (204)', async () => {
    const hub = await hubOf((_, response) => response.writeHead(204).end());
    assert.deepEqual(await followEvents(hub, '/').next(), { done: true, value: undefined });
  });

  it('are no page that answers in their place', async () => {
    const page = await hubOf((_, response) => {
      response.writeHead(200, { 'content-type': 'text/html' }).end('<html>sign in to the network</html>');
    });
    const other = await hubOf((_, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' }).end('data: <html>\n\n');
    });
    for (const hub of [page, other]) {
      const fault = { status: 0, code: 'client.unexpected_answer', message: /is no Quantum Hub/ };
      await assert.rejects(followEvents(hub, '/').next(), fault);
    }
  });

  it('end with what the hub refuses', async () => {
    const hub = await hubOf((_, response) => {
      response
        .writeHead(404, { 'content-type': 'application/problem+json' })
        .end('{"code":"execution.job_not_found"}');
    });
    await assert.rejects(followEvents(hub, '/v1/jobs/1/events').next(), { code: 'execution.job_not_found' });
  });

  it('stop with the signal', async () => {
    const hub = await hubOf((_, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' }).write('id: 1\ndata: 1\n\n');
    });
    const stop = new AbortController();
    const events = followEvents(hub, '/', { signal: stop.signal });
    assert.equal((await events.next()).value?.data, 1);
    const next = events.next();
    stop.abort(new Error('enough'));
    await assert.rejects(next, /enough/);
  });
});
