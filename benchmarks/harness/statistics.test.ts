import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { median, quantile } from './statistics.ts';

const someValues = fc.array(fc.double({ noNaN: true, noDefaultInfinity: true }), { minLength: 1 });

test('a median and a quantile are values that were measured', () => {
  fc.assert(
    fc.property(someValues, fc.double({ min: 0, max: 1, noNaN: true }), (values, share) => {
      assert.ok(values.includes(median(values)));
      assert.ok(values.includes(quantile(values, share)));
    }),
  );
});

test('the order in which values were measured does not matter', () => {
  fc.assert(
    fc.property(someValues, (values) => {
      assert.equal(median(values.toReversed()), median(values));
      assert.equal(quantile(values.toReversed(), 0.75), quantile(values, 0.75));
    }),
  );
});

test('quantiles count from the smallest value, also where text would sort otherwise', () => {
  const values = [10, 9, 8, 7, 6, 5, 4, 3, 2, 1];
  assert.equal(quantile(values, 0), 1);
  assert.equal(quantile(values, 0.75), 8);
  assert.equal(quantile(values, 1), 10);
  assert.equal(median(values), 5);
  assert.equal(median([3, 1, 2]), 2);
});

test('no values is an error and not a figure', () => {
  assert.throws(() => median([]), /expected at least one/);
  assert.throws(() => quantile([], 0.5), /expected at least one/);
});
