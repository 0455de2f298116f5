/** Guarantee: whatever is killed, every accepted job ends exactly once, none is lost, and no slot stays taken. `npm run kills` is the long form. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { killAtRandom } from './test-scene.ts';

test('15 random kill -9 of workers, the submitting server and the database under load', async () => {
  const { faults, acknowledged, killed } = await killAtRandom({ kills: 15, workers: 3 });
  assert.deepEqual(faults, []);
  assert.ok(acknowledged > 20, `${acknowledged} jobs`);
  assert.equal(killed.workers + killed.servers + killed.databases, 15);
});
