/** Guarantee: the upkeep of partitions reads no table from end to end but the one month that leaves. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { makeDevice, makeUser } from '../testing/factories.ts';
import { createTestDatabase, type TestDatabase } from '../testing/index.ts';
import { createPartitions } from './create-partitions.ts';
import { detachPartitions } from './detach-partitions.ts';
import { partitionedTables } from './months.ts';

let db: TestDatabase;
const now = new Date('2027-02-15T00:00:00Z');
const jobsAMonth = 3000;

before(async () => {
  db = await createTestDatabase();
  await createPartitions(db.admin, { now, monthsAhead: 2 });
  const device = await makeDevice(db.admin);
  const user = await makeUser(db.admin);
  const months = ['2026-10', '2026-11', '2026-12', '2027-01', '2027-02'];
  await db.admin.query(
    `with ids as (
       select (lpad(to_hex((extract(epoch from (month || '-02')::timestamptz) * 1000)::bigint + n), 12, '0')
               || '7' || lpad(to_hex(n % 4096), 3, '0') || '8000' || lpad(to_hex(n), 12, '0'))::uuid as id
         from unnest($1::text[]) month, generate_series(1, $2) n),
     jobs as (
       insert into execution.jobs (id, user_id, platform_id, device_id, name, program, program_language, status, finished_at)
       select id, $3, $4, $5, 'scan', 'x', 'openqasm3', 'completed', now() from ids)
     select count(*) from ids`,
    [months, jobsAMonth, user.id, device.platform_id, device.id],
  );
  await db.admin.query(
    'insert into execution.job_results (id, shots, duration_ms) select id, 1, 1 from execution.jobs',
  );
  await db.admin.query(
    `insert into execution.job_events (id, number, user_id, status, origin) select id, 1, user_id, 'completed', 'worker' from execution.jobs;
     insert into execution.job_attempts (id, number, user_id, worker_number, worker_name, device_snapshot)
     select id, 1, user_id, 1, 'scan', '{}' from execution.jobs`,
  );
  await db.admin.query(`analyze ${partitionedTables.map((table) => `execution.${table}`).join(', ')}`);
});
after(async () => await db[Symbol.asyncDispose]());

type Reads = Record<string, { scanned: number; looked: number }>;

/** Rows read by whole scans and by indexes, for each partition that has rows. */
async function reads(): Promise<Reads> {
  await db.admin.query('select pg_stat_force_next_flush()');
  await db.admin.query('select pg_stat_clear_snapshot()');
  const { rows } = await db.admin.query(
    `select t.relname as name, t.seq_tup_read::int as scanned, sum(i.idx_tup_read)::int as looked
       from pg_stat_all_tables t join pg_stat_all_indexes i using (relid)
      where t.schemaname in ('execution', 'archive') and t.relname ~ '^(${partitionedTables.join('|')})_' group by 1, 2`,
  );
  return Object.fromEntries(rows.map(({ name, scanned, looked }) => [name, { scanned, looked }]));
}

async function readBy(work: () => Promise<unknown>): Promise<Reads> {
  const start = await reads();
  await work();
  const end = await reads();
  const differences = Object.entries(start).map(([name, { scanned, looked }]) => {
    const then = end[name] ?? { scanned, looked };
    return [name, { scanned: then.scanned - scanned, looked: then.looked - looked }] as const;
  });
  return Object.fromEntries(differences.filter(([, read]) => read.scanned > 0 || read.looked > 0));
}

/** `pg_stat_force_next_flush` came with 15; before, figures arrive when they like. */
async function canCount(): Promise<boolean> {
  const { rows } = await db.admin.query(`select current_setting('server_version_num')::int >= 150000 as ok`);
  return rows[0]?.ok;
}

describe('the upkeep of partitions', () => {
  it('makes new months without reading a row of the others', async (t) => {
    if (!(await canCount())) return t.skip('the server counts with delay');
    const read = await readBy(() => createPartitions(db.admin, { now, monthsAhead: 6 }));
    assert.deepEqual(read, {});
  });

  it('detaches a month reading that month only, and of each newer one no more than where it begins', async (t) => {
    if (!(await canCount())) return t.skip('the server counts with delay');
    let archived: string[] = [];
    const read = await readBy(async () => {
      archived = await detachPartitions(db.admin, { now, keepMonths: 1 });
    });
    assert.equal(archived.length, 3 * partitionedTables.length);
    const others = Object.entries(read).filter(([name]) => !archived.includes(`archive.${name}`));
    for (const [name, { scanned, looked }] of others) {
      assert.equal(scanned, 0, `${name} was scanned`);
      assert.ok(looked <= 2 * archived.length, `${looked} rows of ${name} were looked up`);
    }
    const leaving = Object.entries(read).filter(([name]) => archived.includes(`archive.${name}`));
    for (const [name, { scanned }] of leaving) {
      assert.ok(scanned <= jobsAMonth, `${name} was read ${scanned / jobsAMonth} times`);
    }
  });
});
