/** Guarantee: after kill -9 at any moment the next run goes on, and every row is changed exactly once. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { isHubError } from '@quantum-hub/kernel';
import { createTestDatabase, type TestDatabase } from '../testing/index.ts';
import { backfillReports } from './control.ts';
import type { Backfill } from './definition.ts';
import { runBackfill } from './run-backfill.ts';
import { connectTo, makeProbe, probeBackfill, probeResult } from './test-probe.ts';

let db: TestDatabase;
before(async () => {
  db = await createTestDatabase();
});
after(async () => await db[Symbol.asyncDispose]());

const program = fileURLToPath(import.meta.resolve('./test-backfill-process.ts'));

/** Lets a process make some batches and kills it, in the middle of one. */
async function killAfter(backfill: Backfill, batches: number): Promise<void> {
  const child = spawn(
    process.execPath,
    [program, JSON.stringify(db.administrator), JSON.stringify(backfill)],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  const ended = once(child, 'exit');
  let seen = 0;
  for await (const _line of createInterface({ input: child.stdout })) {
    seen += 1;
    if (seen === batches) child.kill('SIGKILL');
  }
  assert.deepEqual(await ended, [null, 'SIGKILL']);
}

/** The server notices a dead client at its next read: until then the claim is held. */
async function whenFree<Result>(work: () => Promise<Result>): Promise<Result> {
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (!isHubError(error, 'database.backfill_running')) throw error;
    }
  }
}

test('a run killed again and again changes each row once', { timeout: 60_000 }, async () => {
  const rows = 1500;
  await makeProbe(db.admin, rows);
  // Half a millisecond a row, so that the kill falls into a batch and not between two.
  const backfill = probeBackfill('killed', { set: 'done = pg_sleep(0.0005) is not null' });
  for (const batches of [1, 3, 2]) await killAfter(backfill, batches);
  const before = await probeResult(db.admin);
  assert.ok(before.done >= 6 && before.done < rows, `${before.done} rows were done`);
  assert.deepEqual(before, { rows, done: before.done, changes: before.done, changed: before.done });
  const connect = connectTo(db.administrator);
  const state = await whenFree(() => runBackfill(connect, backfill));
  assert.deepEqual([state.status, state.rowsChanged, state.pass], ['completed', rows, 1]);
  assert.deepEqual(await probeResult(db.admin), { rows, done: rows, changes: rows, changed: rows });
});

test('status tells a run that was killed from one that runs', { timeout: 60_000 }, async () => {
  await makeProbe(db.admin, 1500);
  const backfill = probeBackfill('interrupted', { set: 'done = pg_sleep(0.0005) is not null' });
  await killAfter(backfill, 1);
  for (;;) {
    const report = (await backfillReports(db.admin)).find(({ name }) => name === 'interrupted');
    assert.ok(report && ['running', 'interrupted'].includes(report.status));
    if (report.status === 'interrupted') break;
  }
});
