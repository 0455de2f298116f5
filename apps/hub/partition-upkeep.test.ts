/** Guarantee: a hub that runs makes partitions daily, outlives failures of it, and ends with none under way. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { keepPartitionsAhead } from './partition-upkeep.ts';

const dayMs = 86_400_000;
const settled = () => new Promise<void>((done) => setImmediate(done));

test('makes partitions about once a day, and tells what it made only when it made some', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const answers = [[], ['jobs_2027_12'], []];
  const lines: string[] = [];
  let runs = 0;
  await using _upkeep = keepPartitionsAhead({
    create: async () => answers[runs++] ?? [],
    log: (line, level) => lines.push(level ? `${level}: ${line}` : line),
    random: () => 0.5,
  });
  t.mock.timers.tick(dayMs - 1);
  assert.equal(runs, 0, 'the start of the hub has made them already');
  for (let day = 1; day <= 3; day += 1) {
    t.mock.timers.tick(day === 1 ? 1 : dayMs);
    await settled();
    assert.equal(runs, day);
  }
  assert.deepEqual(lines, ['Made partitions ahead: jobs_2027_12.']);
});

test('a run that fails is logged, and the next one comes', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const lines: string[] = [];
  let runs = 0;
  await using _upkeep = keepPartitionsAhead({
    create: async () => {
      runs += 1;
      throw new Error('no server');
    },
    log: (line, level) => lines.push(level ? `${level}: ${line}` : line),
    random: () => 1,
  });
  for (const expected of [1, 2]) {
    t.mock.timers.tick(1.1 * dayMs);
    await settled();
    assert.equal(runs, expected);
  }
  assert.deepEqual(lines[0], 'error: Partitions could not be made ahead, tried again within 24 h: no server');
});

test('disposing waits for the run under way and plans no other', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const { promise, resolve } = Promise.withResolvers<readonly string[]>();
  let runs = 0;
  const upkeep = keepPartitionsAhead({
    create: async () => {
      runs += 1;
      return await promise;
    },
    log: () => {},
  });
  t.mock.timers.tick(2 * dayMs);
  let disposed = false;
  const disposal = upkeep[Symbol.asyncDispose]().then(() => {
    disposed = true;
  });
  await settled();
  assert.equal(disposed, false);
  resolve([]);
  await disposal;
  t.mock.timers.tick(10 * dayMs);
  await settled();
  assert.equal(runs, 1);
});
