/** Guarantee: a claim reads what waits for its device, however many jobs wait, and whenever its plan was made. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Db, getDb } from '@quantum-hub/database';
import { newId } from '@quantum-hub/kernel';
import { openTestExecution, type TestDevice, type TestExecution } from '../test-execution.ts';
import { claimJob } from './claim-job.ts';

/** `each` entries of every user for a device, in bulk: without jobs, which a plan does not read. */
async function fill({ test: { admin } }: TestExecution, device: TestDevice, users: string[], each: number) {
  await admin.query('set session_replication_role = replica');
  await admin.query(
    `insert into execution.job_queue (id, user_id, device_id, status, run_at)
     select overlay(gen_random_uuid()::text placing '7' from 15 for 1)::uuid, user_id, $1, 'queued', now()
       from unnest($2::uuid[]) user_id, generate_series(1, $3)`,
    [device.id, users, each],
  );
  await admin.query('set session_replication_role = origin');
}

class NotTaken extends Error {}

/** A unit of work as claims have it; nothing is taken. */
async function rolledBack(work: (db: Db) => Promise<void>): Promise<void> {
  const thenBack = async (db: Db) => {
    await work(db);
    throw new NotTaken();
  };
  await assert.rejects(getDb(thenBack, { as: 'worker', keepPlans: true }), NotTaken);
}

/** Makes the connection's plan of the choice of a job, unless it has one that still holds. */
async function plan(device: TestDevice, runningPerUser?: number): Promise<void> {
  const claim = { deviceId: device.id, workerNumber: 1, workerName: 'test:1', leaseSeconds: 30 };
  await rolledBack(async (db) => {
    await claimJob({ query: db.query.bind(db) } as unknown as Db, {
      ...claim,
      deviceSnapshot: {},
      ...(runningPerUser !== undefined && { runningPerUser }),
    }).catch((error: Error) => {
      // The entries here have no jobs.
      if (!/stands in the queue/.test(error.message)) throw error;
    });
  });
}

/** Pages that the choice of a job reads with the plan that the connection keeps. */
async function pagesOfClaim(device: TestDevice, runningPerUser?: number): Promise<number> {
  let pages = Number.NaN;
  await rolledBack(async (db) => {
    const { rows } = await db.query(
      `explain (analyze, buffers, format json)
       execute claim_job ('${device.id}', 1, 30, '${newId()}', ${runningPerUser ?? 'null'})`,
    );
    const [row] = rows as { 'QUERY PLAN': [{ Plan: Record<string, number> }] }[];
    const top = row?.['QUERY PLAN'][0].Plan;
    pages = Number(top?.['Shared Hit Blocks']) + Number(top?.['Shared Read Blocks']);
  });
  return pages;
}

test('the pages that it reads do not grow with the queue since its plan was made', async () => {
  await using hub = await openTestExecution({ max: 1 });
  const users: string[] = [];
  while (users.length < 30) users.push(await hub.makeUser());
  const [device, other] = [await hub.makeDevice(), await hub.makeDevice()];
  // Known to be empty after a rush: then no way to its rows costs less than another, and large indexes seem to be dear.
  await fill(hub, device, users, 500);
  await hub.test.admin.query('delete from execution.job_queue');
  await hub.test.admin.query('vacuum analyze execution.job_queue');
  await plan(device, 16);
  await fill(hub, device, users, 500);
  await fill(hub, other, users, 500);
  const pages = await pagesOfClaim(device, 16);
  assert.ok(pages < 300, `${pages} pages`);
});

test('the pages that it reads do not grow with the queues of other devices', async () => {
  await using hub = await openTestExecution({ max: 1 });
  const users: string[] = [];
  while (users.length < 30) users.push(await hub.makeUser());
  users.sort();
  const [quiet, busy] = [await hub.makeDevice(), await hub.makeDevice()];
  const { admin } = hub.test;
  // Statistics of a time when all waited for one device: they say that any way to its users is a short one.
  await fill(hub, quiet, users, 40);
  await admin.query('vacuum analyze execution.job_queue');
  // Since then its queue was worked off but for the first and the last user, and the others wait for another device.
  const between = users.slice(1, -1);
  await admin.query('delete from execution.job_queue where user_id = any($1::uuid[])', [between]);
  await admin.query('vacuum execution.job_queue');
  await fill(hub, busy, between, 1000);
  await plan(quiet);
  const pages = await pagesOfClaim(quiet);
  assert.ok(pages < 300, `${pages} pages`);
});

test('the pages that it reads do not grow with the jobs of each user, also where a limit of running ones is looked at', async () => {
  await using hub = await openTestExecution({ max: 1 });
  const users: string[] = [];
  while (users.length < 30) users.push(await hub.makeUser());
  const device = await hub.makeDevice();
  const { admin } = hub.test;
  // Statistics of a busy hour: they say that most entries run, and that each user has few.
  await fill(hub, device, users, 3);
  await admin.query('set session_replication_role = replica');
  await admin.query(
    `update execution.job_queue set status = 'running', lease_token = gen_random_uuid(), lease_until = now(), slot_number = 0, worker_number = 1, attempt = 1`,
  );
  await admin.query('vacuum analyze execution.job_queue');
  await admin.query('delete from execution.job_queue');
  await admin.query('vacuum execution.job_queue');
  await fill(hub, device, users, 1000);
  await plan(device, 16);
  const pages = await pagesOfClaim(device, 16);
  assert.ok(pages < 300, `${pages} pages`);
});
