/** Guarantee: the upkeep needs no superuser: a login that may act as owner and as maintenance does all of it. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, test } from 'node:test';
import { backfillReports, pauseBackfill } from '../backfill/control.ts';
import { runBackfill } from '../backfill/run-backfill.ts';
import { connectTo, makeProbe, probeBackfill } from '../backfill/test-probe.ts';
import { createPartitions } from '../partitions/create-partitions.ts';
import { detachPartitions } from '../partitions/detach-partitions.ts';
import { partitionStatus } from '../partitions/partition-status.ts';
import { makeJobResult } from '../testing/factories.ts';
import { createTestDatabase, type TestAddress, type TestDatabase } from '../testing/index.ts';

let db: TestDatabase;
let login: TestAddress;
before(async () => {
  db = await createTestDatabase();
  const user = `upkeep_${randomUUID().slice(0, 8)}`;
  await db.admin.query(
    `create role ${user} login noinherit password 'x'; grant qhub_owner, qhub_maintenance to ${user};
     grant connect on database ${db.name} to ${user}`,
  );
  login = { ...db.administrator, user, password: 'x' };
});
after(async () => {
  await db.admin.query(`drop owned by ${login.user}; drop role ${login.user}`);
  await db[Symbol.asyncDispose]();
});

test('partitions are made, shown and detached', async () => {
  await makeJobResult(db.admin);
  await using session = await connectTo(login)();
  const now = new Date('2028-01-15T00:00:00Z');
  assert.ok((await createPartitions(session, { now, monthsAhead: 3 })).length > 0);
  assert.deepEqual((await partitionStatus(session, now)).faults, []);
  const archived = await detachPartitions(session, { now, keepMonths: 2 });
  assert.ok(archived.includes('archive.jobs_2027_10') && !archived.includes('archive.jobs_2027_11'));
  const { rows } = await session.query('select current_user as role');
  assert.equal(rows[0]?.role, login.user, 'the session is given back as it was');
});

test('backfills run, are paused and are shown', async () => {
  await makeProbe(db.admin, 100);
  await using session = await connectTo(login)();
  const pause = async () => await pauseBackfill(session, 'plain');
  const options = { firstBatchRows: 10 };
  const paused = await runBackfill(connectTo(login), probeBackfill('plain'), {
    ...options,
    onProgress: pause,
  });
  assert.equal(paused.status, 'paused');
  const done = await runBackfill(connectTo(login), probeBackfill('plain'), { ...options, resume: true });
  assert.equal(done.rowsChanged, 100);
  assert.deepEqual(
    (await backfillReports(session)).map(({ name, status }) => [name, status]),
    [['plain', 'completed']],
  );
});
