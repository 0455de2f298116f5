/** Guarantee: ids of every month find their partition, made ahead; making partitions can be repeated and run at once. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { newId, uuidv7Floor } from '@quantum-hub/kernel';
import fc from 'fast-check';
import { Client } from 'pg';
import { makeDevice, makeJob, makeUser } from '../testing/factories.ts';
import { createTestDatabase, type TestDatabase } from '../testing/index.ts';
import { createPartitions, defaultMonthsAhead } from './create-partitions.ts';
import { addMonths, type Month, monthOf, monthsBetween, partitionedTables, partitionOf } from './months.ts';

let db: TestDatabase;
let place: { user_id: string; device_id: string; platform_id: unknown };

before(async () => {
  db = await createTestDatabase();
  const device = await makeDevice(db.admin);
  place = { user_id: (await makeUser(db.admin)).id, device_id: device.id, platform_id: device.platform_id };
});
after(async () => await db[Symbol.asyncDispose]());

const now = new Date('2026-11-22T12:00:00Z');

async function partitions(table: string): Promise<{ name: string; bounds: string }[]> {
  const { rows } = await db.admin.query(
    `select c.oid::regclass::text as name, pg_get_expr(relpartbound, c.oid) as bounds
       from pg_inherits join pg_class c on c.oid = inhrelid where inhparent = $1::regclass order by bounds`,
    [`execution.${table}`],
  );
  return rows;
}

/** An id of that instant: the first, with the rest of a new one. */
function idAt(date: Date): string {
  return `${uuidv7Floor(date).slice(0, 15)}${newId().slice(15)}`;
}

async function partitionHolding(id: string): Promise<string> {
  const { rows } = await db.admin.query(
    'select tableoid::regclass::text as name from execution.jobs where id = $1',
    [id],
  );
  return rows[0]?.name;
}

describe('createPartitions', () => {
  it('was run when the database was prepared: this month and a year ahead are there, for jobs and results alike', async () => {
    const months = monthsBetween(monthOf(new Date()), addMonths(monthOf(new Date()), defaultMonthsAhead));
    for (const table of partitionedTables) {
      const names = (await partitions(table)).map(({ name }) => name);
      for (const month of months) assert.ok(names.includes(`execution.${partitionOf(table, month).name}`));
    }
  });

  it('makes what is missing and gives its names; run again it makes nothing', async () => {
    const created = await createPartitions(db.admin, {
      now: new Date('2028-01-31T23:59:59Z'),
      monthsAhead: 1,
    });
    assert.ok(partitionedTables.every((table) => created.includes(`${table}_2028_02`)));
    assert.ok(!created.includes('jobs_2028_03'));
    assert.deepEqual(
      await createPartitions(db.admin, { now: new Date('2028-01-31T23:59:59Z'), monthsAhead: 1 }),
      [],
    );
    assert.deepEqual(await createPartitions(db.admin, { now, monthsAhead: 0 }), []);
  });

  it('run ten times at once makes each partition once, and all succeed', async () => {
    const clients = Array.from({ length: 10 }, () => new Client(db.administrator));
    try {
      await Promise.all(clients.map((client) => client.connect()));
      const options = { now: new Date('2028-05-15T00:00:00Z'), monthsAhead: 2 };
      const created = (await Promise.all(clients.map((client) => createPartitions(client, options)))).flat();
      assert.equal(new Set(created).size, created.length, 'none was made twice');
      assert.equal(created.length, 5 * partitionedTables.length);
    } finally {
      await Promise.all(clients.map((client) => client.end()));
    }
  });

  it('leaves no gap: each partition begins where the one before ends', async () => {
    for (const table of partitionedTables) {
      const bounds = (await partitions(table)).map(({ bounds: text }) =>
        /FROM \((.*)\) TO \((.*)\)/.exec(text),
      );
      const ends = bounds.map((match) => match?.[2]).toSorted();
      const starts = bounds
        .map((match) => match?.[1])
        .filter((start) => start !== 'MINVALUE')
        .toSorted();
      assert.deepEqual(starts, ends.slice(0, -1));
    }
  });
});

describe('ids', () => {
  it('land in the partition of their month, from its first millisecond to its last', async () => {
    const months = monthsBetween({ year: 2026, month: 11 }, { year: 2027, month: 11 });
    for (const month of months) {
      const first = new Date(Date.UTC(month.year, month.month - 1, 1));
      const last = new Date(Date.UTC(month.year, month.month, 1) - 1);
      for (const id of [uuidv7Floor(first), idAt(last)]) {
        await makeJob(db.admin, { ...place, id });
        assert.equal(await partitionHolding(id), `execution.${partitionOf('jobs', month).name}`);
      }
    }
  });

  it('of a time before the hub land in the one partition for those', async () => {
    const { id } = await makeJob(db.admin, { ...place, id: idAt(new Date('2026-10-31T23:59:59.999Z')) });
    assert.equal(await partitionHolding(id), 'execution.jobs_before_2026_11');
  });

  it('beyond the last partition are refused, and the error tells it is the partition that is missing', async () => {
    const beyond = makeJob(db.admin, { ...place, id: idAt(new Date('2040-01-01T00:00:00Z')) });
    await assert.rejects(beyond, {
      code: '23514',
      routine: 'ExecFindPartition',
      message: /no partition of relation "jobs"/,
    });
  });
});

/** The indexes, checks, foreign keys and triggers of a table, without its name. */
async function partsOf(table: string): Promise<string[]> {
  const { rows } = await db.admin.query(
    `select pg_get_constraintdef(oid) as part from pg_constraint where conrelid = $1::regclass and (contype <> 'f' or confrelid <> 'execution.jobs'::regclass and confrelid not in (select inhrelid from pg_inherits))
     union all select substring(pg_get_indexdef(indexrelid) from 'USING.*') || indisunique from pg_index where indrelid = $1::regclass
     union all select tgname || tgtype || tgfoid::regproc from pg_trigger where tgrelid = $1::regclass
       -- Before PostgreSQL 15 a trigger that a partition has of its table counts as internal.
       and (not tgisinternal or tgparentid <> 0 and tgconstraint = 0)
     union all select 'comment ' || attname || col_description(attrelid, attnum) from pg_attribute where attrelid = $1::regclass and attnum > 0
     union all select attname || attnum || attnotnull || attstorage::text || format_type(atttypid, atttypmod) || coalesce(pg_get_expr(adbin, adrelid), '') from pg_attribute left join pg_attrdef on adrelid = attrelid and adnum = attnum where attrelid = $1::regclass and attnum > 0
     order by 1`,
    [table],
  );
  return rows.map(({ part }) => part);
}

describe('a new partition', () => {
  it('has the indexes, checks, foreign keys, triggers, defaults and comments of its table, and its owner', async () => {
    for (const table of partitionedTables) {
      const parts = await partsOf(`execution.${table}`);
      assert.ok(parts.length > 20);
      assert.deepEqual(await partsOf(`execution.${table}_2027_06`), parts);
      const { rows } = await db.admin.query(
        `select relowner::regrole::text as owner, grantee::regrole::text as role, privilege_type as verb
           from pg_class, aclexplode(relacl) where relname = $1 and grantee <> relowner`,
        [`${table}_2027_06`],
      );
      assert.deepEqual(rows, [{ owner: 'qhub_owner', role: 'qhub_backup', verb: 'SELECT' }]);
    }
  });

  it('keeps the rules: a job in it is checked, and its result points to it', async () => {
    const id = idAt(new Date('2027-06-15T00:00:00Z'));
    await assert.rejects(makeJob(db.admin, { ...place, id, shots: 0 }), { constraint: 'jobs_shots_check' });
    await assert.rejects(makeJob(db.admin, { ...place, id, user_id: newId() }), {
      constraint: 'jobs_user_id_fkey',
    });
    await makeJob(db.admin, { ...place, id, status: 'completed' });
    const back = db.admin.query(
      `update execution.jobs set status = 'running', finished_at = null where id = $1`,
      [id],
    );
    await assert.rejects(back, { constraint: 'jobs_keep_finished' });
    await db.admin.query('insert into execution.job_results (id, shots, duration_ms) values ($1, 1, 1)', [
      id,
    ]);
    // PostgreSQL 18 tells a RESTRICT by a code of its own.
    await assert.rejects(db.admin.query('delete from execution.jobs where id = $1', [id]), {
      code: /^23(503|001)$/,
    });
  });

  it('is made while others read: it waits for no reader and stops none', async () => {
    const reader = new Client(db.administrator);
    await reader.connect();
    const read =
      'select count(*) from execution.jobs left join execution.job_results using (id), identity.users';
    try {
      await reader.query('begin');
      await reader.query(read);
      const created = await createPartitions(db.admin, { now: new Date('2028-08-01'), monthsAhead: 0 });
      assert.deepEqual(
        created,
        partitionedTables.map((table) => `${table}_2028_08`),
      );
      await reader.query(read);
    } finally {
      await reader.end();
    }
  });
});

describe('months', () => {
  const month = fc.record(
    { year: fc.integer({ min: 1971, max: 9000 }), month: fc.integer({ min: 1, max: 12 }) },
    { noNullPrototype: true },
  );
  const index = ({ year, month: number }: Month) => year * 12 + number - 1;

  it('added and counted agree, over the ends of years in both directions', () => {
    fc.assert(
      fc.property(month, fc.integer({ min: -600, max: 600 }), (start, months) => {
        const end = addMonths(start, months);
        assert.ok(end.month >= 1 && end.month <= 12);
        assert.equal(index(end) - index(start), months);
        const between = monthsBetween(start, end);
        assert.equal(between.length, Math.max(0, months + 1));
        if (months >= 0) assert.deepEqual([between[0], between.at(-1)], [start, end]);
      }),
    );
  });

  it('hold exactly the ids made in them, and follow each other without gap or overlap', () => {
    fc.assert(
      fc.property(
        fc.date({ min: new Date('1971-01-01'), max: new Date('9000-01-01'), noInvalidDate: true }),
        (date) => {
          const own = partitionOf('jobs', monthOf(date));
          const next = partitionOf('jobs', addMonths(monthOf(date), 1));
          const id = idAt(date);
          assert.ok(own.from <= id && id < own.to, 'an id lies in the partition of its month');
          assert.equal(own.to, next.from);
          assert.ok(own.name < next.name || own.name.length < next.name.length);
        },
      ),
    );
  });
});
