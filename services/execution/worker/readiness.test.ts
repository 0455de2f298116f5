/** Guarantee: a process that runs jobs says so only while it takes them, hears of them, and looks after lost ones. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { workerReadiness } from './readiness.ts';

const faults = (facts: Parameters<typeof workerReadiness>[0]) =>
  workerReadiness(facts)
    .filter(({ ok }) => !ok)
    .map(({ name, text }) => `${name} ${text}`);
const reaper = (lookedMsAgo: number) =>
  ({ lookedMsAgo }) as NonNullable<Parameters<typeof workerReadiness>[0]['reaper']>;
const well = { working: true, connected: true, reaper: reaper(400) };

test('each of the three is told by its own name', () => {
  assert.deepEqual(faults(well), []);
  assert.deepEqual(faults({ ...well, working: false }), ['worker is being stopped']);
  assert.deepEqual(faults({ ...well, connected: false }), [
    'worker messages the connection was lost; it is made again',
  ]);
  assert.deepEqual(faults({ ...well, reaper: reaper(12_300) }), ['reaper has not looked for 12 s']);
  assert.equal(workerReadiness({ ...well, reaper: undefined }).length, 2);
});
