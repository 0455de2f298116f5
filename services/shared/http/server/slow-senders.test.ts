/** Guarantee: who sends a byte at a time is cut in time with 408, however it is done, and others are answered meanwhile. */
import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { test } from 'node:test';
import { asService, thingRoutes } from '../test-routes.ts';
import { startTestHub, type TestHub, testActor } from '../testing/index.ts';

const services = [asService(thingRoutes)];
const limits = { headerSeconds: 1, requestSeconds: 3 };
const json = 'Host: x\r\nContent-Type: application/json\r\n';

interface Cut {
  readonly afterMs: number;
  /** Status and code of each answer on the connection. */
  readonly answers: readonly string[];
}

/** Sends the beginning at once and then a piece over and over, faster than any time-out, until it is cut. */
async function trickle({ url }: TestHub, beginning: string, piece: string): Promise<Cut> {
  const begin = performance.now();
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  let received = '';
  socket.on('data', (chunk) => {
    received += chunk;
  });
  socket.on('error', () => {});
  socket.write(beginning);
  const sending = setInterval(() => socket.writable && piece && socket.write(piece), 100);
  await new Promise((done) => socket.once('close', done));
  clearInterval(sending);
  const answers = [...received.matchAll(/HTTP\/1\.1 (\d{3})|"code":"([^"]+)"/g)].map(
    ([, status, code]) => status ?? code ?? '',
  );
  return { afterMs: performance.now() - begin, answers };
}

test('headers and bodies a byte at a time', async () => {
  await using hub = await startTestHub({ services, limits });
  const slow = ['408', 'http.too_slow'];
  const tries = [
    { beginning: 'GET /v1/things/a HTTP/1.1\r\nX: ', piece: 'x', atLeast: 1, answers: slow },
    { beginning: '', piece: '', atLeast: 1, answers: slow },
    {
      beginning: `POST /v1/sign-in HTTP/1.1\r\n${json}Content-Length: 9999\r\n\r\n`,
      piece: '[',
      atLeast: 3,
      answers: slow,
    },
    {
      beginning: `POST /v1/sign-in HTTP/1.1\r\n${json}Transfer-Encoding: chunked\r\n\r\n`,
      piece: '1\r\n[\r\n',
      atLeast: 3,
      answers: slow,
    },
    // Answered before its body was there: it gets no second answer, which would be taken for that of the next request.
    {
      beginning: `POST /nothing HTTP/1.1\r\n${json}Content-Length: 9999\r\n\r\n`,
      piece: '[',
      atLeast: 3,
      answers: ['404', 'http.route_not_found'],
    },
  ];
  const cuts = Promise.all(tries.map(({ beginning, piece }) => trickle(hub, beginning, piece)));
  const crowd = Promise.all(
    Array.from({ length: 200 }, () => trickle(hub, 'GET /v1/things/a HTTP/1.1\r\nX: ', 'x')),
  );
  const as = testActor();
  for (let turn = 0; turn < 20; turn += 1) {
    assert.equal((await hub.request('GET', '/v1/things/a', { as })).status, 200);
  }
  for (const [index, { afterMs, answers }] of (await cuts).entries()) {
    const wanted = tries[index];
    assert.deepEqual(answers, wanted?.answers, `try ${index}`);
    // Looked for once a second; a busy machine may be late, and never early.
    assert.ok(afterMs >= (wanted?.atLeast ?? 0) * 1000 - 50, `try ${index} was cut after ${afterMs} ms`);
  }
  for (const { answers } of await crowd) assert.deepEqual(answers, slow);
});
