import assert from 'node:assert/strict';
import { test } from 'node:test';
import { without } from '@quantum-hub/database/testing';
import { runBenchmarks } from './run-benchmarks.ts';
import { sizes } from './sizes.ts';

test('every benchmark runs on a real PostgreSQL, gives figures for all its rows, and shows plans that use the indexes', async () => {
  const seen: string[] = [];
  const run = await runBenchmarks(
    sizes.quick,
    ({ title }) => seen.push(title),
    () => {},
  );
  assert.deepEqual(
    run.comparisons.map(({ title }) => title),
    seen,
  );
  assert.equal(seen.length, without('psql', 'postgresql-client') ? 9 : 12);
  for (const { title, rows } of run.comparisons) {
    assert.ok(rows.length >= 2, title);
    for (const { name, ratio, p50Ms } of rows) {
      assert.ok(Number.isFinite(ratio) && ratio > 0 && p50Ms > 0, `${title}: ${name}`);
    }
  }
  const { plans } =
    run.comparisons.find(({ title }) => title === "row security: a user's newest 50 jobs") ?? {};
  const plan = plans?.['with row security']?.join('\n') ?? '';
  assert.match(plan, /Index Scan Backward using jobs_2026_11_user_id_id_idx/);
  // The actor is computed once a statement, not once a row.
  assert.match(plan, /InitPlan/);
  assert.doesNotMatch(plan, /Seq Scan|Sort/);
});
