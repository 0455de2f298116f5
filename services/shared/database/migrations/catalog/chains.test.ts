/** Guarantee: an expression that was dumped and restored is no drift; one that means something else is. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { withFlatChains } from './chains.ts';

test('chains of one word lose their inner parentheses', () => {
  assert.equal(withFlatChains('CHECK ((((a >= 1) AND (b)) AND (c)))'), 'CHECK (((a >= 1) AND (b) AND (c)))');
  assert.equal(withFlatChains('((a) OR ((b) OR (f((c)))))'), '((a) OR (b) OR (f((c))))');
});

test('everything else stays as it is', () => {
  for (const text of [
    '((a) AND ((b) OR (c)))',
    '(((a) AND (b)) OR (c))',
    '((NOT ((a) AND (b))) AND (c))',
    `((x = '((a) AND (b)) AND (c)') AND (y))`,
    `(("((a) AND (b))" > 1))`,
    'CHECK (((a)',
    '((a)) more) than (that',
  ]) {
    assert.equal(withFlatChains(text), text);
  }
});
