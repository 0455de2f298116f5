/** Guarantee: the memory of a run holds each outcome as often as it was counted, in an order that belongs to the seed. */
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { shuffledOutcomes } from './memory.ts';
import { seededRandom } from './random.ts';

const counts = { '00': 3, 10: 500, 11: 497 };

it('outcomes come as often as counted, the same for a seed, not in blocks', () => {
  const one = shuffledOutcomes(counts, seededRandom(7));
  assert.equal(one.length, 1000);
  for (const [outcome, count] of Object.entries(counts)) {
    assert.equal(one.filter((each) => each === outcome).length, count);
  }
  assert.deepEqual(shuffledOutcomes({ 11: 497, 10: 500, '00': 3 }, seededRandom(7)), one);
  assert.notDeepEqual(shuffledOutcomes(counts, seededRandom(8)), one);
  // 1,000 fair draws change sides about 500 times; 600 or 400 is over six standard deviations away.
  const changes = one.filter((outcome, at) => at > 0 && outcome !== one[at - 1]).length;
  assert.ok(changes > 400 && changes < 600, String(changes));
  assert.deepEqual(shuffledOutcomes({}, seededRandom(1)), []);
});
