import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compare } from './compare.ts';

let now = 0;
const clock = () => now;
/** Takes a time by the test's clock: how fast a contender is must not depend on what else the machine does. */
function busy(ms: number) {
  now += ms;
}

test('a contender that takes twice the time has half the speed, whoever comes first', async () => {
  const fast = { name: 'fast', run: async () => busy(1) };
  const slow = { name: 'slow', run: async () => busy(2) };
  const plan = { rounds: 20, roundMs: 10, concurrency: 1 };
  const [first, second] = await compare([fast, slow], plan, clock);
  assert.equal(first?.ratio, 1);
  assert.equal(second?.ratio, 0.5);
  const [, reversed] = await compare([slow, fast], plan, clock);
  assert.equal(reversed?.ratio, 2);
});

test('rounds are interleaved and each begins with another contender', async () => {
  const order: string[] = [];
  const contender = (name: string) => ({
    name,
    run: async () => {
      if (order.at(-1) !== name) order.push(name);
      busy(1);
    },
  });
  await compare(
    [contender('a'), contender('b'), contender('c')],
    { rounds: 3, roundMs: 1, concurrency: 1 },
    clock,
  );
  // First the warm-up, then the three rounds.
  assert.equal(order.join(''), ['abc', 'abc', 'bca', 'cab'].join(''));
});

test('a contender that takes longer than a round is measured all the same', async () => {
  const long = { name: 'long', run: async () => busy(5) };
  const [measured] = await compare([long], { rounds: 2, roundMs: 1, concurrency: 1 }, clock);
  assert.deepEqual([measured?.p50Ms, measured?.perSecond], [5, 200]);
});

test('what prepares a run is done before each and counts for nothing', async () => {
  const order: string[] = [];
  const prepare = async () => {
    order.push('prepare');
    busy(20);
  };
  const run = async () => {
    order.push('run');
    busy(1);
  };
  const plain = { name: 'plain', run: async () => busy(1) };
  const prepared = { name: 'prepared', run, prepare };
  const [, measured] = await compare([plain, prepared], { rounds: 10, roundMs: 2, concurrency: 1 }, clock);
  assert.deepEqual([measured?.ratio, measured?.p50Ms], [1, 1]);
  assert.match(order.join(' '), /^(prepare run ?)+$/);
});

test('as many runs are in flight as the plan says', async () => {
  let inFlight = 0;
  let most = 0;
  const run = async () => {
    inFlight += 1;
    most = Math.max(most, inFlight);
    await new Promise((done) => setImmediate(done));
    inFlight -= 1;
    busy(1);
  };
  await compare([{ name: 'one', run }], { rounds: 1, roundMs: 5, concurrency: 4 }, clock);
  assert.equal(most, 4);
});

test('a failing run fails the comparison', async () => {
  const run = async () => {
    throw new Error('no such table');
  };
  await assert.rejects(compare([{ name: 'broken', run }], { rounds: 1, roundMs: 1, concurrency: 1 }), {
    message: 'no such table',
  });
});
