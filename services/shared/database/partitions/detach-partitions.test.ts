/** Guarantee: old months leave in their order, whole and unread by anybody, never with unfinished work, whatever is cut off. */
import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import { isHubError, newId, uuidv7Floor } from '@quantum-hub/kernel';
import { Client } from 'pg';
import { modelDifferences } from '../migrations/check/model-differences.ts';
import {
  makeDevice,
  makeJob,
  makeJobAttempt,
  makeJobEvent,
  makeJobQueueEntry,
  makeJobResult,
  makeUser,
} from '../testing/factories.ts';
import { createTestDatabase, type TestDatabase } from '../testing/index.ts';
import { createPartitions } from './create-partitions.ts';
import { detachPartitions, duePartitions } from './detach-partitions.ts';
import { partitionedTables } from './months.ts';
import { partitionStatus } from './partition-status.ts';

let db: TestDatabase;
let place: { user_id: string; device_id: string; platform_id: unknown };

before(async () => {
  db = await createTestDatabase();
});
after(async () => await db[Symbol.asyncDispose]());

/** Each test has months of its own before `now`: what was detached earlier stays away. */
let now = new Date('2026-12-15T12:00:00Z');
const keepMonths = 1;
beforeEach(async () => {
  now = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 1, 15));
  await createPartitions(db.admin, { now, monthsAhead: 3 });
  const device = await makeDevice(db.admin);
  place = { user_id: (await makeUser(db.admin)).id, device_id: device.id, platform_id: device.platform_id };
});

/** An id of the month that is due, or of another one. */
function idOf(monthsBack = 2): string {
  const first = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - monthsBack, 3));
  return `${uuidv7Floor(first).slice(0, 15)}${newId().slice(15)}`;
}

async function finishedJob(id: string): Promise<void> {
  await makeJob(db.admin, { ...place, id, status: 'completed' });
  await makeJobResult(db.admin, { id });
  await makeJobEvent(db.admin, { id, user_id: place.user_id });
  await makeJobAttempt(db.admin, { id, user_id: place.user_id });
}

async function ask(sql: string, values: unknown[] = []): Promise<Record<string, unknown>[]> {
  return (await db.admin.query(sql, values)).rows;
}

async function detach(client: Client = db.admin): Promise<string[]> {
  return await detachPartitions(client, { now, keepMonths });
}

async function connected<Result>(
  count: number,
  work: (clients: Client[]) => Promise<Result>,
): Promise<Result> {
  const clients = Array.from({ length: count }, () => new Client(db.administrator));
  try {
    await Promise.all(clients.map((client) => client.connect()));
    return await work(clients);
  } finally {
    await Promise.all(clients.map((client) => client.end()));
  }
}

describe('detachPartitions', () => {
  it('moves jobs, results, events and attempts of the months that are due to archive, with every row, and leaves the rest', async () => {
    const [old, recent] = [idOf(), idOf(1)];
    await finishedJob(old);
    await finishedJob(recent);
    const due = (await duePartitions(db.admin, { now, keepMonths })).map(({ partition }) => partition.name);
    const archived = await detach();
    assert.deepEqual(
      archived,
      due.map((name) => `archive.${name}`),
    );
    assert.ok(due.includes('jobs_before_2026_11') && due.includes('job_results_2026_11'), String(due));
    assert.deepEqual(await ask('select count(*)::int as n from execution.jobs where id = $1', [old]), [
      { n: 0 },
    ]);
    for (const table of partitionedTables) {
      assert.deepEqual(await ask(`select id from archive.${table}_2026_11`), [{ id: old }], table);
      assert.deepEqual(await ask(`select id from execution.${table} where id = $1`, [recent]), [
        { id: recent },
      ]);
    }
    assert.deepEqual(await detach(), [], 'there is nothing left to do');
    assert.deepEqual(await createPartitions(db.admin, { now, monthsAhead: 3 }), [], 'they are not made anew');
    assert.deepEqual((await partitionStatus(db.admin, now)).faults, []);
    assert.deepEqual(await modelDifferences(db.administrator), []);
  });

  it('leaves tables that only the owner and the backup can read, and that do not hold jobs by a key', async () => {
    await detach();
    const rights = await ask(
      `select distinct relowner::regrole::text as owner, grantee::regrole::text as role, privilege_type as verb
         from pg_class, aclexplode(relacl) where relnamespace = 'archive'::regnamespace and relkind = 'r' and grantee <> relowner`,
    );
    assert.deepEqual(rights, [{ owner: 'qhub_owner', role: 'qhub_backup', verb: 'SELECT' }]);
    const keys = await ask(
      `select from pg_constraint where connamespace = 'archive'::regnamespace and confrelid = 'execution.jobs'::regclass`,
    );
    assert.deepEqual(keys, []);
  });

  it('refuses a month with a job that is not finished, and takes nothing of it', async () => {
    const id = idOf();
    await makeJob(db.admin, { ...place, id });
    await assert.rejects(detach(), (error: unknown) => {
      return (
        isHubError(error, 'database.partition_in_use') && /of its jobs 1 are not finished/.test(error.message)
      );
    });
    assert.deepEqual(await ask('select count(*)::int as n from execution.jobs where id = $1', [id]), [
      { n: 1 },
    ]);
    await ask(`update execution.jobs set status = 'cancelled', finished_at = now() where id = $1`, [id]);
    assert.equal((await detach()).length, partitionedTables.length);
  });

  it('refuses a month of which something still stands in the queue', async () => {
    const id = idOf();
    await finishedJob(id);
    await makeJobQueueEntry(db.admin, { id, user_id: place.user_id, device_id: place.device_id });
    await assert.rejects(detach(), { code: 'database.partition_in_use' });
    await ask('delete from execution.job_queue where id = $1', [id]);
    assert.equal((await detach()).length, partitionedTables.length);
  });

  it('twenty at once detach each month once, and all succeed', async () => {
    await finishedJob(idOf());
    const archived = await connected(20, (clients) => Promise.all(clients.map((client) => detach(client))));
    assert.equal(archived.flat().length, partitionedTables.length);
    assert.deepEqual(archived.flat().toSorted(), [...new Set(archived.flat())].toSorted());
  });

  it('never keeps fewer months than one', async () => {
    for (const keep of [0, -1, 0.5, Number.NaN]) {
      await assert.rejects(detachPartitions(db.admin, { now, keepMonths: keep }), {
        code: 'kernel.invalid_value',
      });
    }
    assert.equal((await detach()).length, partitionedTables.length);
  });

  it('gives up in the way of a long transaction with a clear error, and goes on where it stopped', async () => {
    await finishedJob(idOf());
    await connected(1, async ([reader]) => {
      await reader?.query('begin; select from execution.job_results');
      await assert.rejects(detachPartitions(db.admin, { now, keepMonths, patienceMs: 400 }), {
        code: 'database.partition_busy',
      });
      await reader?.query('rollback');
    });
    assert.equal((await detach()).length, partitionedTables.length);
    assert.deepEqual((await partitionStatus(db.admin, now)).faults, []);
  });
});

/** Their names differ between majors. */
async function dropKeysToJobs(table: string): Promise<void> {
  const keys = await ask(
    `select conname as key from pg_constraint where conrelid = $1::regclass and confrelid = 'execution.jobs'::regclass`,
    [table],
  );
  for (const { key } of keys) await ask(`alter table ${table} drop constraint "${key}"`);
}

describe('a run that is cut off', () => {
  // The steps in their order; a crash after any of them leaves what the steps so far made.
  const steps = (month: string) => [
    `alter table execution.job_results detach partition execution.job_results_${month} concurrently`,
    `alter table execution.job_results_${month} set schema archive`,
    `alter table execution.jobs detach partition execution.jobs_${month} concurrently`,
  ];

  for (const done of [1, 2, 3]) {
    it(`after step ${done} of the detaching is gone on with by the next run`, async () => {
      await detach();
      const last = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - 1, 1));
      const month = last.toISOString().slice(0, 7).replace('-', '_');
      const id = idOf(1);
      await finishedJob(id);
      now = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 1, 15));
      for (const step of steps(month).slice(0, done)) {
        // What the hub does before it moves the table: a key to jobs would hold them.
        if (step.includes('set schema')) await dropKeysToJobs(`execution.job_results_${month}`);
        await ask(step);
      }
      const archived = await detach();
      assert.equal(archived.length, done === 1 ? 4 : 3, String(archived));
      for (const table of partitionedTables)
        assert.deepEqual(await ask(`select id from archive.${table}_${month}`), [{ id }], table);
      assert.deepEqual((await partitionStatus(db.admin, now)).faults, []);
    });
  }

  it('inside PostgreSQL, while it waits for a reader, is told by status and finalized by the next run', async () => {
    await detach();
    now = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 1, 15));
    await connected(1, async ([reader]) => {
      await reader?.query('begin; lock table only execution.job_results in access share mode');
      await assert.rejects(detachPartitions(db.admin, { now, keepMonths, patienceMs: 300 }), {
        code: 'database.partition_busy',
      });
      const { faults } = await partitionStatus(db.admin, now);
      assert.match(faults.join(), /the detaching of execution.(jobs|job_\w+)_\d{4}_\d\d was cut off; run/);
      await reader?.query('rollback');
    });
    assert.ok((await detach()).length >= 1);
    assert.deepEqual((await partitionStatus(db.admin, now)).faults, []);
  });
});
