/** Guarantee: who may ask for what, and when, is decided by rules without a clock; equal requests have equal texts. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { readByteRange } from './byte-range.ts';
import { canonicalJson } from './canonical-json.ts';
import { nameOf, prioritiesOf, priorityRefusal, scheduleRefusal } from './submission-rules.ts';

const now = new Date('2026-11-23T10:00:00Z');
const at = (seconds: number) => new Date(now.getTime() + seconds * 1000);

describe('rules of submissions', () => {
  it('a user has the priorities of the highest role', () => {
    assert.deepEqual(prioritiesOf([]), ['low', 'normal']);
    assert.deepEqual(prioritiesOf(['consumer']), ['low', 'normal']);
    assert.deepEqual(prioritiesOf(['consumer', 'provider']), ['low', 'normal', 'high']);
    assert.deepEqual(prioritiesOf(['operator', 'developer']), ['low', 'normal', 'high', 'urgent']);
    assert.equal(priorityRefusal(['consumer'], 'normal'), undefined);
    assert.equal(priorityRefusal(['consumer'], 'high')?.message.includes('low, normal'), true);
  });

  it('a job is scheduled for a time to come, at most 30 days ahead; clocks may differ by 5 minutes', () => {
    for (const seconds of [-300, 0, 1, 30 * 86_400])
      assert.equal(scheduleRefusal(at(seconds), now), undefined);
    for (const seconds of [-301, 30 * 86_400 + 1]) {
      assert.equal(scheduleRefusal(at(seconds), now)?.code, 'execution.schedule_out_of_range');
    }
  });

  it('a job without a name gets the first comment of its program, or its device', () => {
    assert.equal(nameOf('// Bell pair\nOPENQASM 3.0;', 'local/x'), 'Bell pair');
    assert.equal(nameOf('OPENQASM 3.0;', 'local/x'), 'a job on local/x');
    assert.equal([...nameOf(`// ${'😀'.repeat(200)}`, 'local/x')].length, 100);
  });

  it('the order of members makes no other text, and anything else does', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (left, right) => {
        const reversed = JSON.parse(JSON.stringify(left), (_, item) =>
          typeof item === 'object' && item !== null && !Array.isArray(item)
            ? Object.fromEntries(Object.entries(item).reverse())
            : item,
        );
        assert.equal(canonicalJson(reversed), canonicalJson(left));
        assert.deepEqual(JSON.parse(canonicalJson(left)), JSON.parse(JSON.stringify(left)));
        const isSame = canonicalJson(left) === canonicalJson(right);
        if (isSame) assert.deepEqual(JSON.parse(JSON.stringify(right)), JSON.parse(JSON.stringify(left)));
      }),
    );
  });
});

describe('a range of bytes', () => {
  for (const [header, range] of [
    [undefined, undefined],
    ['bytes=0-0', { first: 0, last: 0 }],
    ['bytes=5-', { first: 5, last: 9 }],
    ['bytes=5-100', { first: 5, last: 9 }],
    ['bytes=-3', { first: 7, last: 9 }],
    ['bytes=-100', { first: 0, last: 9 }],
    ['bytes=10-', 'unsatisfiable'],
    ['bytes=-0', 'unsatisfiable'],
    ['bytes=5-4', undefined],
    ['bytes=0-1,3-4', undefined],
    ['lines=0-1', undefined],
    ['bytes=', undefined],
  ] as const) {
    it(`${header} of 10 bytes`, () => assert.deepEqual(readByteRange(header, 10), range));
  }
});
