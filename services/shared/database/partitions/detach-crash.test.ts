/** Guarantee: a detaching that is killed at any moment loses no row, and the next run brings its month to a whole end. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { newId, uuidv7Floor } from '@quantum-hub/kernel';
import {
  makeDevice,
  makeJob,
  makeJobAttempt,
  makeJobEvent,
  makeJobResult,
  makeUser,
} from '../testing/factories.ts';
import { createTestDatabase, type TestDatabase } from '../testing/index.ts';
import { createPartitions } from './create-partitions.ts';
import { detachPartitions } from './detach-partitions.ts';
import { partitionedTables } from './months.ts';
import { partitionStatus } from './partition-status.ts';

/** Databases that are worked on at once. */
const lanes = 2;

let databases: TestDatabase[];
let cache: string;
before(async () => {
  cache = mkdtempSync(join(tmpdir(), 'qhub-detach-'));
  databases = await Promise.all(Array.from({ length: lanes }, createTestDatabase));
});
after(async () => {
  rmSync(cache, { recursive: true });
  await Promise.all(databases.map((database) => database[Symbol.asyncDispose]()));
});

function monthsAfter(date: Date, months: number): Date {
  return new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + months, 15));
}

const program = fileURLToPath(import.meta.resolve('./test-detach-process.ts'));

/** True when the process was killed, false when it came to its end before the nth message. */
async function detachAndKill({ administrator }: TestDatabase, now: Date, n: number): Promise<boolean> {
  const child = spawn(
    process.execPath,
    [program, JSON.stringify(administrator), now.toISOString(), String(n)],
    { stdio: ['ignore', 'inherit', 'inherit'], env: { ...process.env, NODE_COMPILE_CACHE: cache } },
  );
  const [code, signal] = await once(child, 'exit');
  assert.ok(code === 0 || signal === 'SIGKILL', `exit code ${code}, signal ${signal}`);
  return signal === 'SIGKILL';
}

/** A finished job with its result in the one month that is due. */
async function fillDueMonth({ admin }: TestDatabase, now: Date): Promise<{ id: string; month: string }> {
  await createPartitions(admin, { now, monthsAhead: 2 });
  const due = monthsAfter(now, -2);
  const id = `${uuidv7Floor(due).slice(0, 15)}${newId().slice(15)}`;
  const { id: device_id, platform_id } = await makeDevice(admin);
  const user_id = (await makeUser(admin)).id;
  await makeJob(admin, { id, user_id, device_id, platform_id, status: 'completed' });
  await makeJobResult(admin, { id });
  await makeJobEvent(admin, { id, user_id });
  await makeJobAttempt(admin, { id, user_id });
  return { id, month: due.toISOString().slice(0, 7).replace('-', '_') };
}

/** The schema in which each of a month's tables lies, and the ids in it. */
async function whereabouts({ admin }: TestDatabase, month: string) {
  const found: Record<string, { schema: string; ids: string[]; attached: boolean }> = {};
  for (const table of partitionedTables) {
    const { rows } = await admin.query(
      `select relnamespace::regnamespace::text as schema, relispartition as attached from pg_class where relname = $1`,
      [`${table}_${month}`],
    );
    assert.equal(rows.length, 1, `${table}_${month} is there once`);
    const { schema, attached } = rows[0];
    const ids = await admin.query(`select id from ${schema}.${table}_${month}`);
    found[table] = { schema, attached, ids: ids.rows.map((row) => row.id) };
  }
  return found;
}

/** What a killed process had sent goes on at the server until that notices: a table may still move. */
async function untilAlone({ admin }: TestDatabase): Promise<void> {
  const others = () =>
    admin.query(
      `select from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid() and backend_type = 'client backend'`,
    );
  while ((await others()).rows.length > 0);
}

/** Kills a detaching at its nth message, looks, and lets another run go on. */
async function attempt(database: TestDatabase, now: Date, n: number): Promise<boolean> {
  const { id, month } = await fillDueMonth(database, now);
  const killed = await detachAndKill(database, now, n);
  await untilAlone(database);
  for (const { ids } of Object.values(await whereabouts(database, month))) assert.deepEqual(ids, [id]);
  await detachPartitions(database.admin, { now, keepMonths: 1 });
  const archived = { schema: 'archive', attached: false, ids: [id] };
  const where = await whereabouts(database, month);
  assert.deepEqual(
    where,
    Object.fromEntries(partitionedTables.map((table) => [table, archived])),
    `killed at message ${n}`,
  );
  const { rows } = await database.admin.query(
    `select conname from pg_constraint where connamespace = 'archive'::regnamespace and confrelid = 'execution.jobs'::regclass`,
  );
  assert.deepEqual(rows, [], `killed at message ${n}`);
  assert.deepEqual((await partitionStatus(database.admin, now)).faults, [], `killed at message ${n}`);
  return killed;
}

test('kill -9 of a detaching at each message to the server: the next run ends with the month archived', async () => {
  let next = 1;
  let kills = 0;
  let through = false;
  const ends = await Promise.allSettled(
    databases.map(async (database) => {
      let now = new Date('2026-12-15T12:00:00Z');
      await detachPartitions(database.admin, { now, keepMonths: 1 });
      while (!through) {
        const n = next;
        next += 1;
        now = monthsAfter(now, 1);
        if (await attempt(database, now, n)) kills += 1;
        else through = true;
      }
    }),
  );
  // Only now, because a lane that fails must not take the databases from the others.
  for (const end of ends) if (end.status === 'rejected') throw end.reason;
  assert.ok(kills >= 25, `${kills} kills`);
});
