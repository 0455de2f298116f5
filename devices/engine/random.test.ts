import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { seededRandom } from './random.ts';

describe('the seeded source of numbers', () => {
  it('gives the same numbers for a seed on every machine: these', () => {
    const random = seededRandom(42);
    assert.deepEqual([random.bits(), random.bits(), random.bits()], EXPECTED);
  });

  it('near seeds and seeds apart by 2^32 give other numbers', () => {
    const first = [0, 1, 2, 2 ** 32, 2 ** 32 + 1, 2 ** 53 - 1].map((seed) => seededRandom(seed).bits());
    assert.equal(new Set(first).size, first.length);
  });

  it('is uniform: 64 cells, chi-square below the 1e-6 quantile', () => {
    const random = seededRandom(3);
    const cells = new Array<number>(64).fill(0);
    for (let draw = 0; draw < 640_000; draw++) {
      const cell = Math.floor(random.uniform() * 64);
      cells[cell] = (cells[cell] ?? 0) + 1;
    }
    const chiSquare = cells.reduce((sum, count) => sum + (count - 10_000) ** 2 / 10_000, 0);
    assert.ok(chiSquare < 131, `${chiSquare}`);
  });

  it('binomial draws have the right mean and variance, small probabilities and large ones', () => {
    const random = seededRandom(11);
    for (const probability of [0.001, 0.05, 0.3, 0.5, 0.8, 0.999]) {
      const trials = 1000;
      const rounds = 20_000;
      let sum = 0;
      let squares = 0;
      for (let round = 0; round < rounds; round++) {
        const successes = random.binomial(trials, probability);
        assert.ok(successes >= 0 && successes <= trials);
        sum += successes;
        squares += successes ** 2;
      }
      const mean = sum / rounds;
      const variance = squares / rounds - mean ** 2;
      const expected = trials * probability * (1 - probability);
      assert.ok(
        Math.abs(mean - trials * probability) < 5 * Math.sqrt(expected / rounds),
        `${probability}: ${mean}`,
      );
      assert.ok(Math.abs(variance / expected - 1) < 0.08, `${probability}: ${variance} and not ${expected}`);
    }
    assert.equal(random.binomial(100, 0), 0);
    assert.equal(random.binomial(100, 1), 100);
  });
});

const EXPECTED = [660444221, 3652823732, 77672526];
