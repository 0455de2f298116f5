/** Guarantee: texts made from a pattern are accepted by it, and documents made from a shape have what it requires. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { samplePattern } from './sample-pattern.ts';
import { sampleShape } from './sample-shape.ts';

const patterns = [
  '^[A-Z]{3}$',
  '^[a-z0-9]+(?:-[a-z0-9]+)*$',
  '^[a-z0-9_]+(\\.[a-z0-9_]+)*$',
  '^(0|[1-9]\\d*)\\.(0|[1-9]\\d*)\\.(0|[1-9]\\d*)(-[0-9A-Za-z.-]+)?$',
  '^[^\\s@]+@[^\\s@]+\\.[^\\s@]+$',
  '^https?://.{1,5}$',
  '^qh_(live|test)_[A-Za-z0-9]{8,12}$',
  '^[\\w.+-]*[^-]$',
  '^a?b{2,}c{0,1}[]x]$',
];

describe('a pattern', () => {
  for (const pattern of patterns) {
    it(pattern, () => {
      // PostgreSQL takes a bracket that comes first as itself, JavaScript only behind a backslash.
      const asWritten = new RegExp(pattern.replace('[]x]', '[\\]x]'));
      for (let seed = 0; seed < 40; seed += 1) {
        let step = seed;
        const which = (count: number) => {
          step = (step * 31 + 7) % 1009;
          return step % count;
        };
        const text = samplePattern(pattern, { which, times: (min, max) => Math.min(max, min + (seed % 5)) });
        assert.match(text ?? 'nothing', asWritten);
      }
    });
  }

  it('that looks around is left alone', () => {
    assert.equal(samplePattern('^(?=a).*$', { which: () => 0, times: (min) => min }), undefined);
  });
});

describe('a shape', () => {
  it('gives a document with the least and one with all', () => {
    const shape = {
      t: 'object',
      r: ['n'],
      p: {
        n: { t: 'integer', min: 2, max: 5 },
        list: { t: 'array', max: 3, of: { t: 'oneOf', of: ['a', 'b'] } },
      },
    };
    assert.deepEqual(sampleShape(JSON.stringify(shape)), ['{"n":2}', '{"n":5,"list":["b"]}']);
  });
});
