/** Guarantee: the commands of partitions and backfills do at a real database what their help says, with exit codes for monitoring. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { createTestDatabase, settingsOf, type TestDatabase } from '@quantum-hub/database/testing';
import { uuidv7Floor } from '@quantum-hub/kernel';
import { qhub, type Run } from './test-qhub.ts';

let db: TestDatabase;
before(async () => {
  db = await createTestDatabase();
});
after(async () => await db[Symbol.asyncDispose]());

async function run(...args: string[]): Promise<Run> {
  return await qhub(['db', ...args], { env: settingsOf(db) });
}

async function json(...args: string[]) {
  const { code, stdout, stderr } = await run(...args, '--json');
  return { code, stderr, value: stdout === '' ? undefined : JSON.parse(stdout) };
}

describe('qhub db partitions', () => {
  it('status shows each partition, and that all is well', async () => {
    const { code, stdout } = await run('partitions', 'status');
    assert.equal(code, 0);
    assert.match(
      stdout,
      /^execution\.jobs: \d+ partitions, 12 months ahead\n {2}jobs_before_2026_11 +not analyzed +\d+\.\d kB\n/,
    );
    assert.match(stdout, /\nAll is well\.\n$/);
  });

  it('status exits 1 with what to do when a month is missing, and create mends it', async () => {
    const { value: before } = await json('partitions', 'status');
    assert.equal(before.ok, true);
    await db.admin.query(`drop table execution.${before.tables[1].partitions.at(-3).name}`);
    const { code, stdout } = await run('partitions', 'status');
    assert.equal(code, 1);
    assert.match(
      stdout,
      /FAULT: execution\.job_results has no partition for \d{4}-\d\d; run `npx qhub db partitions create`\.\n$/,
    );
    assert.equal((await run('partitions', 'create')).code, 0);
    assert.equal((await run('partitions', 'status')).code, 0);
  });

  it('detach lists what is due, moves it, and then has nothing to do', async () => {
    // Months are due by today's date: one that is old enough on every day is put in.
    const end = uuidv7Floor(new Date('2026-09-01T00:00:00Z'));
    for (const table of ['job_results', 'job_attempts', 'job_events', 'jobs']) {
      await db.admin.query(
        `alter table execution.${table} detach partition execution.${table}_before_2026_11;
         drop table execution.${table}_before_2026_11;
         set role qhub_owner;
         create table execution.${table}_before_2026_09 partition of execution.${table} for values from (minvalue) to ('${end}');
         reset role`,
      );
    }
    const { value: listed } = await json('partitions', 'detach', '--older-than', '1', '--dry-run');
    const due = ['job_results', 'job_attempts', 'job_events', 'jobs'].map(
      (table) => `execution.${table}_before_2026_09`,
    );
    assert.deepEqual(listed.due.slice(0, 4), due);
    const { code, stdout, stderr } = await run('partitions', 'detach', '--older-than', '1');
    assert.equal(code, 0, stderr);
    assert.match(
      stderr,
      /^Moved to archive\.job_results_before_2026_09\.\n(Moved to archive\.job_\w+_before_2026_09\.\n){2}Moved to archive\.jobs_before_2026_09\.\n/,
    );
    assert.equal(stdout, `Moved ${listed.due.length} partitions to the schema "archive".\n`);
    assert.deepEqual((await json('partitions', 'detach', '--older-than', '1')).value, { archived: [] });
  });

  it('detach takes a number of months, and says so', async () => {
    const { code, stderr } = await run('partitions', 'detach', '--older-than=0');
    assert.equal(code, 2);
    assert.match(stderr, /--older-than is "0"; expected a whole number of months from 1 to 1200/);
    assert.match(
      (await run('partitions', 'detach')).stderr,
      /required option '--older-than <months>' not specified/,
    );
  });
});

describe('qhub db backfill', () => {
  it('list says that there is none, and run names what there is', async () => {
    assert.equal(
      (await run('backfill', 'list')).stdout,
      'This code has no backfills, and the database knows none.\n',
    );
    const { code, stderr } = await run('backfill', 'run', 'nothing');
    assert.equal(code, 1);
    assert.match(
      stderr,
      /^qhub: there is no backfill "nothing"; expected none, as this code has no backfills\n$/,
    );
  });

  it('pause, list and status show and change what the database knows', async () => {
    await db.admin.query(
      `insert into hub.backfills (name, definition, table_name, status, run_token, batch_rows, rows_seen, rows_changed, rows_estimate)
       values ('former', repeat('0', 64), 'execution.jobs', 'running', gen_random_uuid(), 10, 250, 100, 1000)`,
    );
    const { stdout } = await run('backfill', 'status', 'former');
    assert.match(
      stdout,
      /^former: interrupted\n {2}Table +execution\.jobs\n {2}Rows +250 passed of ~1000, 100 changed\n {2}Progress +25%/,
    );
    assert.match(stdout, /this code has no backfill of this name any more/);
    assert.equal((await run('backfill', 'pause', 'former')).stdout, 'Paused former; resume it to go on.\n');
    const { value } = await json('backfill', 'list');
    assert.deepEqual([value.backfills[0].declared, value.backfills[0].report.status], [false, 'paused']);
    assert.match((await run('backfill', 'pause', 'never')).stderr, /never is not begun/);
    assert.equal((await run('backfill', 'status', 'never')).code, 2);
  });

  it('takes numbers as options, and says so', async () => {
    const { code, stderr } = await run('backfill', 'resume', 'former', '--batch-ms', '0');
    assert.equal(code, 2);
    assert.match(stderr, /--batch-ms is "0"; expected a whole number from 1 to 9999999/);
  });
});
