/** Guarantee: however many ask, and however long the queues are, counting them costs a bounded share of the database. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { QueueFigures } from '../queries/devices.ts';
import { QueueWatch } from './queue-watch.ts';

/** A count that takes so long, by a clock that the test moves. */
function counted(tookMs: number) {
  const state = { now: 1_000_000, counts: 0, fails: false };
  const watch = new QueueWatch(
    () => new Date(state.now),
    async () => {
      state.counts += 1;
      await Promise.resolve();
      state.now += tookMs;
      if (state.fails) throw new Error('on purpose');
      const figures = { depth: state.counts, scheduled: 0, running: 0, oldestSeconds: 0 };
      return [{ deviceId: 'd', averageWaitSeconds: null, ...figures }] satisfies QueueFigures[];
    },
  );
  const depth = async (afterMs: number) => {
    state.now += afterMs;
    return (await watch.figures()).get('d')?.depth;
  };
  return { state, watch, depth };
}

test('those who ask at once get one count, and those of the same second', async () => {
  const { state, watch, depth } = counted(2);
  await Promise.all(Array.from({ length: 50 }, () => watch.figures()));
  assert.deepEqual([await depth(0), await depth(900), state.counts], [1, 1, 1]);
  assert.deepEqual([await depth(100), state.counts], [2, 2]);
});

test('a count that took 400 ms is good for twelve seconds', async () => {
  const { state, depth } = counted(400);
  assert.equal(await depth(0), 1);
  assert.deepEqual([await depth(11_500), state.counts], [1, 1]);
  assert.deepEqual([await depth(200), state.counts], [2, 2]);
});

test('a count that failed is good for nobody', async () => {
  const { state, watch, depth } = counted(2);
  state.fails = true;
  await Promise.all([assert.rejects(watch.figures()), assert.rejects(watch.figures())]);
  state.fails = false;
  assert.equal(await depth(0), state.counts);
});
