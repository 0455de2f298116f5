import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Measured } from './compare.ts';
import { type Comparison, formatAim, formatComparison, isMet, machine, writeRun } from './report.ts';

const row = (name: string, ratio: number): Measured => ({
  name,
  ratio,
  quartiles: [ratio, ratio],
  perSecond: 1000 * ratio,
  p50Ms: 1 / 3,
  p95Ms: 2,
});
const comparison: Comparison = {
  title: 'two ways',
  plan: { rounds: 3, roundMs: 10, concurrency: 8 },
  rows: [row('bare pg', 1), row('getDb', 0.7)],
  aims: [{ what: 'getDb against bare pg', value: 0.7, atLeast: 0.8 }],
};

test('an aim is met at its bound and missed beyond it, in both directions', () => {
  assert.equal(isMet({ what: '', value: 0.8, atLeast: 0.8 }), true);
  assert.equal(isMet({ what: '', value: 0.79, atLeast: 0.8 }), false);
  assert.equal(isMet({ what: '', value: 1.3, atMost: 1.3 }), true);
  assert.equal(isMet({ what: '', value: 1.31, atMost: 1.3 }), false);
  // A figure that could not be computed is no success.
  assert.equal(isMet({ what: '', value: Number.NaN, atLeast: 0.8 }), false);
});

test('a missed aim says so with its figure and its bound', () => {
  assert.equal(
    formatAim(comparison.aims[0] as never),
    'MISSED  getDb against bare pg: 0.70, expected at least 0.8',
  );
});

test('columns of the table stand under each other', () => {
  const [, head, ...rows] = formatComparison(comparison).split('\n') as [string, string, ...string[]];
  const end = head.indexOf('ratio') + 'ratio'.length;
  for (const [index, expected] of ['1.00', '0.70'].entries()) {
    assert.equal(rows[index]?.slice(end - expected.length, end), expected);
  }
});

test('the longest time has a column where it was measured', () => {
  assert.doesNotMatch(formatComparison(comparison), /longest/);
  const told = formatComparison({
    ...comparison,
    rows: [row('naive', 1), { ...row('safe', 2), longestMs: 12.3 }],
  });
  const [, head, naive, safe] = told.split('\n');
  assert.match(head ?? '', / longest ms$/);
  assert.match(safe ?? '', / 12$/);
  assert.match(naive ?? '', /2\.00 +$/);
});

test('notes stand between the table and the aims', () => {
  const lines = formatComparison({ ...comparison, notes: ['counted as one pass a gate'] }).split('\n');
  assert.equal(lines.at(-2), 'counted as one pass a gate');
  assert.match(lines.at(-1) ?? '', /^MISSED/);
});

test('the figures of a run are kept as JSON, in a folder that need not exist', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'qhub-report-'));
  try {
    const path = join(folder, 'results', 'run.json');
    await writeRun(path, {
      date: '2026-11-22T00:00:00Z',
      machine: machine('15.18'),
      comparisons: [comparison],
    });
    const kept = JSON.parse(await readFile(path, 'utf8'));
    assert.equal(kept.comparisons[0].rows[1].ratio, 0.7);
    assert.equal(kept.comparisons[0].rows[1].p50Ms, 0.333);
    assert.equal(kept.machine.postgres, '15.18');
  } finally {
    await rm(folder, { recursive: true });
  }
});
