/** Guarantee: a backfill changes every row that needs it once, whatever comes in its way, and says when it can't. */
import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import { isHubError, newId, uuidv7Floor } from '@quantum-hub/kernel';
import { makeDevice, makeJob, makeUser } from '../testing/factories.ts';
import { createTestDatabase, type TestDatabase } from '../testing/index.ts';
import { backfillReports, pauseBackfill } from './control.ts';
import type { Backfill } from './definition.ts';
import { type BackfillOptions, type Connect, runBackfill } from './run-backfill.ts';
import { connectTo, makeProbe, probeBackfill, probeResult } from './test-probe.ts';

let db: TestDatabase;
let connect: Connect;
const rows = 1000;
let number = 0;
let backfill: Backfill;

before(async () => {
  db = await createTestDatabase();
  connect = connectTo(db.administrator);
});
after(async () => await db[Symbol.asyncDispose]());
beforeEach(async () => {
  await makeProbe(db.admin, rows);
  number += 1;
  backfill = probeBackfill(`probe ${number}`);
});

async function run(options: BackfillOptions = {}, definition = backfill) {
  return await runBackfill(connect, definition, { firstBatchRows: 50, ...options });
}

const onceEach = (count: number) => ({ rows: count, done: count, changes: count, changed: count });

describe('runBackfill', () => {
  it('changes each row once, in batches, and tells how far it is', async () => {
    const seen: number[] = [];
    const percents: (number | null)[] = [];
    const state = await run({
      onProgress: ({ rowsSeen }, { percent }) => {
        seen.push(rowsSeen);
        percents.push(percent);
      },
    });
    assert.equal(state.status, 'completed');
    assert.deepEqual([state.rowsSeen, state.rowsChanged, state.rowsEstimate], [rows, rows, rows]);
    assert.deepEqual(await probeResult(db.admin), onceEach(rows));
    assert.ok(seen.length > 3 && seen[0] === 50, `batches: ${seen}`);
    assert.deepEqual(percents.slice(0, 1), [5]);
    assert.equal(percents.at(-1), 100);
  });

  it('run again does nothing, also when rows have come that need the change', async () => {
    const first = await run();
    await db.admin.query('insert into probe.items values ($1)', [rows + 1]);
    assert.deepEqual((await run()).finishedAt, first.finishedAt);
    assert.equal((await probeResult(db.admin)).done, rows);
  });

  it('leaves rows alone that do not need the change', async () => {
    await db.admin.query('update probe.items set done = true where id % 3 = 0; truncate probe.changes');
    const state = await run();
    assert.deepEqual([state.rowsSeen, state.rowsChanged], [rows, rows - 333]);
    assert.deepEqual(await probeResult(db.admin), {
      rows,
      done: rows,
      changes: rows - 333,
      changed: rows - 333,
    });
  });

  it('reaches rows that arrive while it runs, ahead of its cursor and behind it', async () => {
    let added = 0;
    const state = await run({
      onProgress: async () => {
        if (added === 20) return;
        added += 2;
        await db.admin.query('insert into probe.items values ($1), ($2)', [-added, rows + added]);
      },
    });
    assert.equal(added, 20);
    assert.deepEqual(await probeResult(db.admin), onceEach(rows + added));
    assert.ok(state.pass > 1, 'what came behind took another pass');
  });

  it('changes rows by a function where SQL does not reach', async () => {
    const ranges: string[] = [];
    const byHand: Backfill = {
      name: `function ${number}`,
      table: 'probe.items',
      key: 'id',
      where: 'not done',
      change: async (session, { after, upTo }) => {
        ranges.push(`${after} to ${upTo}`);
        const { rows: changed } = await session.query(
          'update probe.items set done = true where id > coalesce($1::bigint, -1) and id <= $2::bigint and not done returning id',
          [after, upTo],
        );
        return changed.length;
      },
    };
    await run({}, byHand);
    assert.deepEqual(await probeResult(db.admin), onceEach(rows));
    assert.equal(ranges[0], 'null to 50');
  });

  it('goes through a partitioned table from its first partition to its last', async () => {
    const device = await makeDevice(db.admin);
    const place = {
      user_id: (await makeUser(db.admin)).id,
      device_id: device.id,
      platform_id: device.platform_id,
    };
    for (const month of ['2026-10', '2026-11', '2027-01', '2027-01', '2027-05']) {
      const id = `${uuidv7Floor(new Date(`${month}-03`)).slice(0, 15)}${newId().slice(15)}`;
      await makeJob(db.admin, { ...place, id, name: 'bell', status: 'completed' });
    }
    const state = await run(
      { firstBatchRows: 2, targetBatchMs: 1 },
      {
        name: `jobs ${number}`,
        table: 'execution.jobs',
        key: 'id',
        where: 'name <> upper(name)',
        set: 'name = upper(name)',
      },
    );
    assert.equal(state.rowsChanged, 5);
    const { rows: names } = await db.admin.query(
      'select distinct name, count(*)::int as n from execution.jobs group by 1',
    );
    assert.deepEqual(names, [{ name: 'BELL', n: 5 }]);
  });

  it('waits for rows that others hold, with smaller batches, and then goes on', async () => {
    await using other = await connect();
    await other.query('begin; update probe.items set done = done where id = 500');
    let freed = false;
    const state = await run({
      firstBatchRows: 100,
      onProgress: async ({ rowsSeen }) => {
        // The batches before the row are through: free it while the run stands before it.
        if (freed || rowsSeen < 400) return;
        freed = true;
        setImmediate(() => other.query('commit'));
      },
    });
    assert.ok(freed);
    assert.equal(state.status, 'completed');
    assert.equal((await probeResult(db.admin)).done, rows);
  });
});

describe('pause and resume', () => {
  it('a run that another process pauses stops after its batch; resume goes on, with each row changed once', async () => {
    await using other = await connect();
    const state = await run({
      onProgress: async ({ rowsSeen }) => {
        if (rowsSeen === 50) await pauseBackfill(other, backfill.name);
      },
    });
    assert.deepEqual([state.status, state.rowsSeen], ['paused', 50]);
    await assert.rejects(run(), { code: 'database.backfill_paused' });
    assert.equal((await run({ resume: true })).status, 'completed');
    assert.deepEqual(await probeResult(db.admin), onceEach(rows));
  });

  it('ends a wait for calm too', async () => {
    await using other = await connect();
    const state = await run({
      limits: { maxActive: -1 },
      onWaiting: () => void pauseBackfill(other, backfill.name),
    });
    assert.deepEqual([state.status, state.rowsSeen], ['paused', 0]);
  });

  it('what is at its end, or was never begun, is not paused', async () => {
    await using other = await connect();
    await assert.rejects(
      pauseBackfill(other, backfill.name),
      /is not begun; only one that is not at its end/,
    );
    await run();
    await assert.rejects(pauseBackfill(other, backfill.name), { code: 'database.backfill_not_running' });
  });
});

describe('two at once', () => {
  it('one runs and the other says so; status tells that it runs', async () => {
    const answers: unknown[] = [];
    const statuses: string[] = [];
    await run({
      onProgress: async ({ rowsSeen }) => {
        if (rowsSeen !== 50) return;
        answers.push(await run().catch((error: unknown) => error));
        const reports = await backfillReports(db.admin);
        statuses.push(...reports.filter(({ name }) => name === backfill.name).map(({ status }) => status));
      },
    });
    assert.equal(answers.length, 1);
    assert.ok(isHubError(answers[0], 'database.backfill_running'), String(answers[0]));
    assert.deepEqual(statuses, ['running']);
    assert.deepEqual(await probeResult(db.admin), onceEach(rows));
  });

  it('a run whose claim was cut changes nothing any more when another one has begun', async () => {
    const firstEnded = Promise.withResolvers<void>();
    const secondBegan = Promise.withResolvers<number>();
    let second: Promise<{ status: string }> | undefined;
    const first = run({
      onProgress: async ({ rowsSeen }) => {
        if (rowsSeen !== 50) return;
        await db.admin.query(
          `select pg_terminate_backend(pid, 5000) from pg_locks where locktype = 'advisory' and classid = 7000102`,
        );
        second = run({
          onProgress: async (state) => {
            secondBegan.resolve(state.rowsSeen);
            await firstEnded.promise;
          },
        });
        await secondBegan.promise;
      },
    });
    await assert.rejects(first, { code: 'database.backfill_running' });
    const { rows: stored } = await db.admin.query(
      'select rows_seen::int as seen from hub.backfills where name = $1',
      [backfill.name],
    );
    assert.equal(stored[0].seen, await secondBegan.promise, 'the first one made no batch more');
    firstEnded.resolve();
    assert.equal((await second)?.status, 'completed');
    assert.deepEqual(await probeResult(db.admin), onceEach(rows));
  });
});

describe('what would go wrong without a word', () => {
  it('row security that hides rows is noticed before any row is changed', async () => {
    await db.admin.query('alter table probe.items enable row level security');
    const hidden = { code: 'database.backfill_rows_hidden' };
    await assert.rejects(run(), hidden);
    await db.admin.query('create policy most on probe.items for all to qhub_maintenance using (id > 10)');
    await assert.rejects(run(), hidden);
    await db.admin.query('create policy seen on probe.items for select to qhub_maintenance using (true)');
    await assert.rejects(run(), hidden, 'seen is not changed');
    assert.equal((await probeResult(db.admin)).changes, 0);
    await db.admin.query('create policy every on probe.items for all to qhub_maintenance using (true)');
    await db.admin.query(
      'create policy barrier on probe.items as restrictive for all to public using (id > 10)',
    );
    await assert.rejects(run(), hidden);
    await db.admin.query('drop policy barrier on probe.items');
    assert.equal((await run()).status, 'completed');
    assert.deepEqual(await probeResult(db.admin), onceEach(rows));
  });

  it('a policy that goes away while it runs is noticed, and rows skipped meanwhile are changed after its return', async () => {
    await db.admin.query(
      'alter table probe.items enable row level security; create policy every on probe.items for all to qhub_maintenance using (true)',
    );
    const hide = async ({ rowsSeen }: { rowsSeen: number }) => {
      if (rowsSeen === 50) await db.admin.query('alter policy every on probe.items using (id > 300)');
    };
    await assert.rejects(run({ onProgress: hide }), { code: 'database.backfill_rows_hidden' });
    await db.admin.query('alter policy every on probe.items using (true)');
    assert.equal((await run()).status, 'completed');
    assert.deepEqual(await probeResult(db.admin), onceEach(rows));
  });

  it('a change after which the row still needs it is refused at its first batch, which is rolled back', async () => {
    const unending = probeBackfill(`unending ${number}`, { where: 'id > 0' });
    await assert.rejects(run({}, unending), { code: 'database.backfill_unending' });
    assert.equal((await probeResult(db.admin)).changes, 0);
  });

  it('another definition under a name that was begun is refused', async () => {
    await run({ onProgress: async () => await pauseBackfill(db.admin, backfill.name) });
    const other = probeBackfill(backfill.name, { set: 'done = not done' });
    await assert.rejects(run({ resume: true }, other), { code: 'database.backfill_changed' });
  });

  it('a key that is not there, or may be null, is refused', async () => {
    for (const wrong of [{ table: 'probe.nothing' }, { key: 'nothing' }]) {
      await assert.rejects(run({}, { ...backfill, ...wrong }), { code: 'kernel.invalid_value' });
    }
  });

  it('a batch that PostgreSQL refuses is kept as failed, with the reason and no value; run again it goes on there', async () => {
    await db.admin.query('alter table probe.items add constraint items_wall check (not done or id <> 720)');
    await assert.rejects(run(), (error: unknown) => {
      return isHubError(error, 'database.backfill_failed') && /items_wall/.test(error.message);
    });
    const report = (await backfillReports(db.admin)).find(({ name }) => name === backfill.name);
    assert.equal(report?.status, 'failed');
    assert.match(report?.error ?? '', /items_wall/);
    await db.admin.query('alter table probe.items drop constraint items_wall');
    assert.equal((await run()).error, null);
    assert.deepEqual(await probeResult(db.admin), onceEach(rows));
  });
});
