/** Guarantee: a backfill gives way to others, keeps its batches short, and tells the time that is left. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { Client } from 'pg';
import { createTestDatabase, type TestDatabase } from '../testing/index.ts';
import { nextBatchRows } from './batch.ts';
import { progressOf } from './progress.ts';
import { runBackfill } from './run-backfill.ts';
import type { BackfillState } from './state.ts';
import { connectTo, makeProbe, probeBackfill, probeResult } from './test-probe.ts';
import { defaultLimits, reasonToWait } from './throttle.ts';

let db: TestDatabase;
before(async () => {
  db = await createTestDatabase();
});
after(async () => await db[Symbol.asyncDispose]());

describe('reasonToWait', () => {
  const calm = { lagSeconds: 0.1, lagBytes: 1000, active: 3 };

  it('is a replica behind in time or in bytes, or a busy server; nothing otherwise', () => {
    assert.equal(reasonToWait(calm, defaultLimits), undefined);
    assert.equal(reasonToWait({ ...calm, lagSeconds: null, lagBytes: null }, defaultLimits), undefined);
    assert.match(
      reasonToWait({ ...calm, lagSeconds: 10.1 }, defaultLimits) ?? '',
      /10\.1 s behind, more than 10 s/,
    );
    assert.match(
      reasonToWait({ ...calm, lagBytes: 2 ** 30 }, defaultLimits) ?? '',
      /1024 MB behind, more than 256 MB/,
    );
    assert.match(reasonToWait({ ...calm, active: 21 }, defaultLimits) ?? '', /21 other sessions/);
  });
});

describe('a busy server', () => {
  it('makes a run wait, with the reason, until the others are done', async () => {
    await makeProbe(db.admin, 100);
    const busy = new Client(db.administrator);
    await busy.connect();
    const { rows } = await busy.query('select pg_backend_pid() as pid');
    const ended = busy.query('select pg_sleep(600)').catch((error: { code: string }) => error.code);
    // What the other does has to be seen before the run looks.
    for (let active = 0; active === 0; ) {
      const seen = await db.admin.query(`select from pg_stat_activity where pid = $1 and state = 'active'`, [
        rows[0].pid,
      ]);
      active = seen.rows.length;
    }
    const reasons: string[] = [];
    const state = await runBackfill(connectTo(db.administrator), probeBackfill('busy'), {
      limits: { maxActive: 0 },
      onWaiting: (reason) => {
        reasons.push(reason);
        void db.admin.query('select pg_cancel_backend($1)', [rows[0].pid]);
      },
    });
    assert.deepEqual(reasons, ['1 other sessions are at work, more than 0']);
    assert.equal(await ended, '57014');
    assert.equal(state.status, 'completed');
    assert.equal((await probeResult(db.admin)).done, 100);
    await busy.end();
  });
});

describe('nextBatchRows', () => {
  it('goes towards the wanted time, at most by half or double at once, and never to nothing', () => {
    assert.equal(nextBatchRows(1000, 500, 500), 1000);
    assert.equal(nextBatchRows(1000, 400, 500), 1250);
    assert.equal(nextBatchRows(1000, 1, 500), 2000);
    assert.equal(nextBatchRows(1000, 60_000, 500), 500);
    assert.equal(nextBatchRows(1, 60_000, 500), 1);
    assert.equal(nextBatchRows(40_000, 1, 500), 50_000);
  });
});

describe('progressOf', () => {
  const state = { status: 'running', pass: 1, rowsSeen: 250, rowsEstimate: 1000 } as BackfillState;

  it('gives the share, the rate and the time left', () => {
    assert.deepEqual(progressOf(state, 100, 2000), { percent: 25, rowsPerSecond: 50, secondsLeft: 15 });
  });

  it('claims nothing where the number of rows is not known, was passed, or a later pass runs', () => {
    const unknown = { percent: null, rowsPerSecond: 50, secondsLeft: null };
    for (const other of [{ rowsEstimate: null }, { rowsSeen: 1001 }, { pass: 2 }]) {
      assert.deepEqual(progressOf({ ...state, ...other }, 100, 2000), unknown);
    }
    assert.deepEqual(progressOf(state, 0, 0), { percent: 25, rowsPerSecond: null, secondsLeft: null });
  });
});
