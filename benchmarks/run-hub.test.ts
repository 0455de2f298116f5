/** Guarantee: every benchmark of queue and server runs with its peers, completes what it submits, and gives figures for all its rows. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { measureHub } from './measure-hub.ts';

test('every benchmark of the hub gives figures for all its rows, the plans of its claims, and no failed request', async () => {
  const seen: string[] = [];
  const { comparisons } = await measureHub('quick', ({ title }) => seen.push(title));
  assert.deepEqual(
    comparisons.map(({ title, rows }) => [title, rows.length]),
    [
      ['jobs a second, one running at a time on 2 workers, every change and try a row', 4],
      ['jobs a second, one running at a time on one worker, the peers with a row a job', 4],
      ['jobs a second, 8 running at once', 4],
      ['from submit to running, nothing else to do', 3],
      ['claiming a job, 20 users wait', 2],
      ['GET /v1/me with an API key', 2],
      ['100 clients at once', 1],
    ],
  );
  assert.deepEqual(
    seen,
    comparisons.map(({ title }) => title),
  );
  for (const { title, rows, aims } of comparisons) {
    for (const { name, ratio, perSecond, p50Ms, p95Ms } of rows) {
      assert.ok(Number.isFinite(ratio) && ratio > 0, `${title}: ${name}`);
      assert.ok(perSecond > 0 && p50Ms > 0 && p95Ms >= p50Ms, `${title}: ${name}`);
    }
    for (const { what, value } of aims) assert.ok(Number.isFinite(value), `${title}: ${what}`);
  }
  const claims = comparisons.find(({ plans }) => plans !== undefined);
  const crowd = comparisons.at(-1);
  assert.equal(crowd?.aims[0]?.value, 0, 'requests of the crowd that failed');
  const plans = Object.values(claims?.plans ?? {});
  assert.equal(plans.length, 2);
  for (const plan of plans) assert.match(plan.join('\n'), /Recursive Union.*LockRows.*Execution Time/s);
});
