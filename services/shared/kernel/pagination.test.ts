import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { isHubError } from './errors/hub-error.ts';
import { newId } from './ids.ts';
import { decodeCursor, encodeCursor, largestPageLimit, pageOf, readPageRequest } from './pagination.ts';

const invalidValue = (error: unknown) => isHubError(error, 'kernel.invalid_value');

test('a cursor gives back its id and fits into a URL as it is', () => {
  fc.assert(
    fc.property(fc.uuid(), (id) => {
      const cursor = encodeCursor(id);
      assert.equal(decodeCursor(cursor), id);
      assert.equal(encodeURIComponent(cursor), cursor);
    }),
  );
});

test('a text is either refused or exactly the cursor of the id it gives', () => {
  const cursorLike = fc.string({ minLength: 20, maxLength: 24, unit: fc.constantFrom(...'AZaz09-_+=/ ') });
  fc.assert(
    fc.property(fc.oneof(fc.string(), cursorLike, fc.base64String()), (text) => {
      try {
        assert.equal(encodeCursor(decodeCursor(text)), text);
      } catch (error) {
        assert.ok(invalidValue(error), String(error));
      }
    }),
    { numRuns: 1000 },
  );
});

test('a damaged cursor is refused, never read as another place', () => {
  const cursor = encodeCursor(newId());
  for (const wrong of [
    '',
    cursor.slice(1),
    `${cursor}A`,
    `${cursor}=`,
    `${cursor.slice(0, -1)}B`,
    'x'.repeat(1_000_000),
  ]) {
    assert.throws(() => decodeCursor(wrong), invalidValue);
  }
  assert.throws(() => encodeCursor("'; drop table jobs"), invalidValue);
});

test('a page has 1 to 200 rows, 50 when nothing is said', () => {
  assert.deepEqual(readPageRequest({}), { limit: 50 });
  assert.deepEqual(readPageRequest({ limit: 1 }), { limit: 1 });
  assert.deepEqual(readPageRequest({ limit: largestPageLimit }), { limit: 200 });
  for (const limit of [0, -1, 201, 1.5, Number.NaN, Number.POSITIVE_INFINITY]) {
    assert.throws(() => readPageRequest({ limit }), invalidValue, String(limit));
  }
});

test('walking from page to page shows every row once, in order', () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.uuid(), { maxLength: 40 }),
      fc.integer({ min: 1, max: 10 }),
      (ids, limit) => {
        const all = ids.toSorted().map((id) => ({ id }));
        const seen: { id: string }[] = [];
        let cursor: string | undefined;
        do {
          const request = readPageRequest({ limit, cursor });
          const rest = all.filter(({ id }) => request.after === undefined || id > request.after);
          const page = pageOf(rest.slice(0, request.limit + 1), request.limit);
          assert.ok(page.items.length <= limit);
          seen.push(...page.items);
          cursor = page.nextCursor;
        } while (cursor !== undefined);
        assert.deepEqual(seen, all);
      },
    ),
  );
});

test('the last page says that it is the last, also when it is full', () => {
  const rows = [{ id: newId() }, { id: newId() }];
  assert.deepEqual(pageOf(rows, 2), { items: rows });
  assert.deepEqual(pageOf([], 2), { items: [] });
});
