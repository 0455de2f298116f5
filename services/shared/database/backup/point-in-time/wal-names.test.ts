import assert from 'node:assert/strict';
import { test } from 'node:test';
import { firstGap, isSegment, segmentName, segmentNumber, segmentOfLsn } from './wal-names.ts';

test('a segment’s name carries its timeline and its place, over the end of a log of 4 GB too', () => {
  assert.equal(segmentOfLsn('0/3000060'), 3n);
  assert.equal(segmentName(1, segmentOfLsn('1/2000000')), '000000010000000100000002');
  assert.equal(segmentNumber('000000010000000100000000'), segmentNumber('0000000100000000000000FF') + 1n);
  assert.equal(isSegment('00000002.history'), false);
  assert.equal(isSegment('000000010000000000000003.partial'), false);
});

test('a gap is the first segment that is missing before a later one', () => {
  const names = [1n, 2n, 4n].map((number) => segmentName(1, number));
  assert.equal(firstGap(names, segmentName(1, 1n)), segmentName(1, 3n));
  assert.equal(firstGap(names, segmentName(1, 4n)), undefined);
  assert.equal(firstGap(names, segmentName(1, 5n)), undefined);
});

test('after a recovery the log goes on in another timeline without a gap', () => {
  const names = [segmentName(1, 1n), segmentName(1, 2n), segmentName(2, 2n), segmentName(2, 3n)];
  assert.equal(firstGap(names, segmentName(1, 1n)), undefined);
});

test('what an older timeline holds does not fill a gap of a newer one', () => {
  const names = [segmentName(1, 3n), segmentName(2, 2n), segmentName(2, 4n)];
  assert.equal(firstGap(names, segmentName(2, 2n)), segmentName(2, 3n));
});
