/** Guarantee: status tells what there is, and in a sentence what is wrong while there is still time. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { uuidv7Floor } from '@quantum-hub/kernel';
import { createTestDatabase, type TestDatabase } from '../testing/index.ts';
import { createPartitions } from './create-partitions.ts';
import { addMonths, monthOf, monthText, partitionedTables, partitionOf } from './months.ts';
import { partitionStatus } from './partition-status.ts';

let db: TestDatabase;
before(async () => {
  db = await createTestDatabase();
});
after(async () => await db[Symbol.asyncDispose]());

describe('partitionStatus', () => {
  it('of a prepared database has a year ahead, no fault, and the bounds of each partition', async () => {
    const { tables, faults } = await partitionStatus(db.admin);
    assert.deepEqual(faults, []);
    assert.deepEqual(
      tables.map(({ table, monthsAhead, gaps }) => ({ table, monthsAhead, gaps })),
      partitionedTables.map((table) => ({ table, monthsAhead: 12, gaps: [] })),
    );
    const [oldest, second] = tables[0]?.partitions ?? [];
    assert.equal(oldest?.name, 'jobs_before_2026_11');
    assert.equal(oldest?.fromId, undefined);
    assert.equal(oldest?.toId, uuidv7Floor(new Date('2026-11-01T00:00:00Z')));
    assert.deepEqual(
      [second?.from, second?.to],
      [
        { year: 2026, month: 11 },
        { year: 2026, month: 12 },
      ],
    );
    assert.equal(second?.rows, undefined, 'no estimate before the first ANALYZE');
    assert.ok((second?.bytes ?? 0) > 0);
  });

  it('warns from less than two months ahead on, and says what is refused when this month is missing', async () => {
    const { tables } = await partitionStatus(db.admin);
    const last = addMonths(tables[0]?.partitions.at(-1)?.to ?? monthOf(new Date()), -1);
    const at = (monthsBefore: number) => {
      const { year, month } = addMonths(last, -monthsBefore);
      return new Date(Date.UTC(year, month - 1, 28));
    };
    assert.deepEqual((await partitionStatus(db.admin, at(2))).faults, []);
    assert.equal(
      (await partitionStatus(db.admin, at(1))).faults[0],
      'execution.jobs has partitions for 1 month ahead; expected at least 2: run `npx qhub db partitions create`',
    );
    assert.match(
      (await partitionStatus(db.admin, at(-1))).faults[0] ?? '',
      /no partition for this month, so rows are refused/,
    );
  });

  it('names a gap, which creating closes', async () => {
    const gap = addMonths(monthOf(new Date()), 4);
    await db.admin.query(`drop table execution.${partitionOf('job_results', gap).name}`);
    const { faults } = await partitionStatus(db.admin);
    assert.deepEqual(
      faults.filter((fault) => fault.includes('has no partition for')),
      [`execution.job_results has no partition for ${monthText(gap)}; run \`npx qhub db partitions create\``],
    );
    assert.deepEqual(await createPartitions(db.admin), [partitionOf('job_results', gap).name]);
    assert.deepEqual((await partitionStatus(db.admin)).faults, []);
  });
});
