import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { isHubError } from './errors/hub-error.ts';
import {
  isUuid,
  isUuidv7,
  lastUuidv7Millisecond,
  newId,
  uuidv7Floor,
  uuidv7Range,
  uuidv7Timestamp,
} from './ids.ts';

const anyTime = fc.integer({ min: 0, max: lastUuidv7Millisecond });

test('a new id is a UUIDv7 of the present millisecond, and no two are equal', () => {
  const before = Date.now();
  const ids = Array.from({ length: 10_000 }, newId);
  const after = Date.now();
  for (const id of ids) {
    assert.ok(isUuidv7(id), id);
    const made = uuidv7Timestamp(id).getTime();
    assert.ok(made >= before && made <= after, `${id} was made at ${made}, not in ${before}..${after}`);
  }
  assert.equal(new Set(ids).size, ids.length);
});

test('an id lies in the partition of its millisecond and in no other', () => {
  const id = newId();
  const made = uuidv7Timestamp(id).getTime();
  assert.ok(id >= uuidv7Floor(new Date(made)));
  assert.ok(id < uuidv7Floor(new Date(made + 1)));
});

test('partition bounds carry their time, are the lowest ids of it and sort as times do', () => {
  fc.assert(
    fc.property(anyTime, anyTime, (left, right) => {
      const floor = uuidv7Floor(new Date(left));
      assert.ok(isUuidv7(floor));
      assert.equal(uuidv7Timestamp(floor).getTime(), left);
      assert.match(floor, /-7000-8000-000000000000$/);
      const other = uuidv7Floor(new Date(right));
      assert.equal(Math.sign(left - right), floor < other ? -1 : floor > other ? 1 : 0);
    }),
  );
});

test('a range runs from the floor of its start to the floor of its end; an empty or reversed one is refused', () => {
  const from = new Date('2026-11-01T00:00:00Z');
  const to = new Date('2026-12-01T00:00:00Z');
  assert.deepEqual(uuidv7Range(from, to), { from: uuidv7Floor(from), to: uuidv7Floor(to) });
  for (const [start, end] of [
    [to, from],
    [from, from],
    [new Date(Number.NaN), to],
  ] as const) {
    assert.throws(
      () => uuidv7Range(start, end),
      (error) => isHubError(error, 'kernel.invalid_value'),
    );
  }
});

test('times outside the 48 bits of a UUIDv7 are refused', () => {
  for (const milliseconds of [-1, lastUuidv7Millisecond + 1, Number.NaN]) {
    assert.throws(
      () => uuidv7Floor(new Date(milliseconds)),
      (error) => isHubError(error, 'kernel.invalid_value'),
    );
  }
});

test('only UUIDs pass for UUIDs, and only version 7 has a time', () => {
  fc.assert(
    fc.property(fc.uuid(), (id) => {
      assert.ok(isUuid(id));
      assert.ok(isUuid(id.toUpperCase()));
      assert.equal(isUuidv7(id), id[14] === '7');
    }),
  );
  const id = newId();
  for (const wrong of [
    `${id} `,
    `${id}\n`,
    `{${id}}`,
    id.replaceAll('-', ''),
    id.slice(1),
    '',
    undefined,
    7,
    [id],
  ]) {
    assert.equal(isUuid(wrong), false, String(wrong));
  }
  assert.throws(
    () => uuidv7Timestamp('0f8fad5b-d9cb-469f-a165-70867728950e'),
    (error) => isHubError(error, 'kernel.invalid_value') && error.message.includes('0f8fad5b'),
  );
});
