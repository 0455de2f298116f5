/** Guarantee: on a small table too each change is made both ways, the safe one as the tool writes it, while sessions write. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { tableChanges } from '../operations/table-changes.ts';
import { changesUnderWriters } from './changes-under-writers.ts';

test('each change is measured both ways, with the longest wait of a writer', async () => {
  const told: string[] = [];
  const comparisons = await changesUnderWriters(2000, (line) => told.push(line));
  assert.deepEqual(
    comparisons.map(({ title }) => title),
    tableChanges.map(({ title }) => `writers while ${title} is added`),
  );
  for (const { title, rows, aims } of comparisons) {
    assert.ok(rows.length >= 2, title);
    for (const { name, longestMs = 0, p95Ms, ratio } of rows) {
      assert.ok(longestMs > 0 && longestMs >= p95Ms && ratio > 0, `${title}: ${name}`);
    }
    const longest = Math.max(...rows.slice(1).map(({ longestMs = 0 }) => longestMs));
    assert.deepEqual(
      aims.map(({ value }) => value),
      [longest],
    );
  }
  assert.equal(told.length, 1 + comparisons.length);
});
