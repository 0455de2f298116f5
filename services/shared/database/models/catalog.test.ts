/** Guarantee: the live catalog follows the house's rules for every table, whatever the models come to say. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { catalogue } from '@quantum-hub/kernel';
import { modelDifferences } from '../migrations/check/model-differences.ts';
import { createPartitions } from '../partitions/create-partitions.ts';
import * as make from '../testing/factories.ts';
import { createTestDatabase, type TestDatabase } from '../testing/index.ts';
import { constraintCodes } from './error-codes.ts';
import { tableNames } from './privileges.ts';

let db: TestDatabase;
before(async () => {
  db = await createTestDatabase();
});
after(async () => await db[Symbol.asyncDispose]());

type Row = Record<string, unknown>;
async function ask(sql: string, values: unknown[] = []): Promise<Row[]> {
  return (await db.admin.query(sql, values)).rows;
}

/** Tables that people made, not the partitions that upkeep makes. */
const ours = `(select oid, relname, oid::regclass::text as name from pg_class
  where relnamespace::regnamespace::text in ('identity', 'development', 'marketplace', 'execution')
    and relkind in ('r', 'p') and not relispartition) t`;
const schemas = `('hub', 'archive', 'identity', 'development', 'marketplace', 'execution')`;

describe('tables', () => {
  it('are those of the models', async () => {
    const names = (await ask(`select name from ${ours}`)).map(({ name }) => name);
    assert.deepEqual(names.toSorted(), [...tableNames].toSorted());
  });

  it('have a uuid called id as their primary key, without a default: ids are made in the application', async () => {
    // What a job has many of stands under its id and a number, so that one index gives it in its order.
    const numbered = ['execution.job_events', 'execution.job_attempts'];
    const rows = await ask(
      `select name from ${ours} where not exists (
         select from pg_constraint c join pg_attribute a on a.attrelid = t.oid and a.attnum = c.conkey[1]
          where c.conrelid = t.oid and contype = 'p' and attname = 'id' and atttypid = 'uuid'::regtype and attnotnull and not atthasdef
            and array(select attname::text from unnest(conkey[2:]) k join pg_attribute on attrelid = t.oid and attnum = k)
                = case when name = any($1) then array['number'] else '{}' end)`,
      [numbered],
    );
    assert.deepEqual(rows, []);
  });

  it('have created_at and updated_at, not null', async () => {
    const rows = await ask(
      `select name from ${ours} where (select count(*) from pg_attribute where attrelid = t.oid and attnotnull
         and atttypid = 'timestamptz'::regtype and attname in ('created_at', 'updated_at')) <> 2`,
    );
    assert.deepEqual(rows, []);
  });

  it('use text and CHECK for closed sets, never a native enum or a domain', async () => {
    assert.deepEqual(
      await ask(`select typname from pg_type where typtype in ('e', 'd') and typnamespace >= 16384`),
      [],
    );
  });

  it('hold money as bigint, never as a float', async () => {
    const rows = await ask(
      `select name, attname, format_type(atttypid, null) as type from ${ours} join pg_attribute on attrelid = t.oid
        where attname like '%\\_minor' or attname like 'price%' or attname like 'cost\\_minor'`,
    );
    assert.ok(rows.length >= 3);
    assert.deepEqual(
      rows.filter(({ type }) => type !== 'bigint'),
      [],
    );
  });
});

describe('created_at and updated_at', () => {
  const forged = { created_at: '2000-01-01T00:00:00Z', updated_at: '2000-01-01T00:00:00Z' };
  const makers = {
    'identity.users': make.makeUser,
    'identity.user_profiles': make.makeProfile,
    'identity.user_api_keys': make.makeApiKey,
    'identity.user_sessions': make.makeSession,
    'identity.email_tokens': make.makeEmailToken,
    'identity.outbox_mails': make.makeOutboxMail,
    'identity.audit_events': make.makeAuditEvent,
    'development.projects': make.makeProject,
    'development.quantum_apps': make.makeApp,
    'development.app_versions': make.makeVersion,
    'marketplace.marketplace_listings': make.makeListing,
    'marketplace.subscriptions': make.makeSubscription,
    'marketplace.subscription_keys': make.makeSubscriptionKey,
    'execution.platforms': make.makePlatform,
    'execution.devices': make.makeDevice,
    'execution.jobs': make.makeJob,
    'execution.job_results': make.makeJobResult,
    'execution.job_queue': make.makeJobQueueEntry,
    'execution.job_idempotency_keys': make.makeIdempotencyKey,
    'execution.device_slots': make.makeDeviceSlot,
    'execution.device_turns': make.makeDeviceTurn,
    'execution.device_events': make.makeDeviceEvent,
    'execution.job_events': make.makeJobEvent,
    'execution.job_attempts': make.makeJobAttempt,
  };

  for (const table of tableNames) {
    it(`of ${table} are the database's, whatever raw SQL says`, async () => {
      const row = await makers[table](db.admin, forged);
      const made = row.created_at as Date;
      assert.ok(Math.abs(Date.now() - made.getTime()) < 60_000, 'an insert cannot forge them');
      assert.deepEqual(row.updated_at, made);
      const [changed] = await ask(
        `update ${table} set created_at = '2000-01-01', updated_at = '2000-01-01' where id = $1 returning created_at, updated_at > created_at as later`,
        [row.id],
      );
      assert.deepEqual(changed?.created_at, made, 'an update leaves created_at');
      assert.equal(changed?.later, true, 'an update sets updated_at');
    });
  }
});

describe('names', () => {
  it('of constraints and indexes tell table, columns and kind, in at most 63 bytes', async () => {
    const rows = await ask(
      `select t.relname as table, conname as name, contype::text as type, array(
                select attname::text from unnest(conkey) with ordinality k(n, i) join pg_attribute on attrelid = t.oid and attnum = n order by i) as columns
         from ${ours} join pg_constraint on conrelid = t.oid where conparentid = 0
       union all
       select t.relname, i.relname, case when indisunique then 'u' else 'i' end, array(
                select (regexp_match(pg_get_indexdef(indexrelid, n, true), '\\w+(?=\\)*$)'))[1] from generate_series(1, indnkeyatts) n)
         from ${ours} join pg_index on indrelid = t.oid join pg_class i on i.oid = indexrelid
        where not exists (select from pg_constraint where conindid = indexrelid and contype in ('p', 'u'))`,
    );
    assert.ok(rows.length > 150);
    // From PostgreSQL 18 on NOT NULL is a constraint with a name too.
    const kinds: Record<string, string> = {
      p: 'pkey',
      u: 'key',
      f: 'fkey',
      i: 'idx',
      c: 'check',
      n: 'not_null',
    };
    for (const { table, name, type, columns } of rows as {
      table: string;
      name: string;
      type: string;
      columns: string[];
    }[]) {
      assert.ok(Buffer.byteLength(name) <= 63, `${name} has at most 63 bytes`);
      const byColumns = type === 'p' ? `${table}_pkey` : `${table}_${columns.join('_')}_${kinds[type]}`;
      const purpose = new RegExp(`^${table}_[a-z]+(_[a-z]+)*_${kinds[type]}$`);
      // Checks over several columns and partial indexes may be named by their purpose.
      const isFree = (type === 'c' && columns.length > 1) || type === 'i';
      if (isFree) assert.match(name, purpose);
      else assert.equal(name, byColumns);
    }
  });

  it('are unique in a schema, so that an error names one constraint', async () => {
    const rows = await ask(
      `select conname from ${ours} join pg_constraint on conrelid = t.oid where conparentid = 0 group by 1 having count(*) > 1`,
    );
    assert.deepEqual(rows, []);
  });
});

describe('foreign keys', () => {
  it('have an index whose first columns are theirs, and that holds every row', async () => {
    const rows = await ask(
      `select conname from ${ours} join pg_constraint c on conrelid = t.oid where contype = 'f' and conparentid = 0 and not exists (
         select from pg_index where indrelid = t.oid and indpred is null
            and (indkey::int2[])[0:cardinality(conkey) - 1] @> conkey)`,
    );
    assert.deepEqual(rows, []);
  });

  it('say what a delete does, and nothing that counts goes away by cascade', async () => {
    const rows = await ask(
      `select conname as name, confdeltype as rule from ${ours} join pg_constraint on conrelid = t.oid where contype = 'f' and conparentid = 0 order by 1`,
    );
    assert.ok(rows.length >= 25);
    assert.deepEqual(
      rows.filter(({ rule }) => rule === 'a' || rule === 'd'),
      [],
    );
    // Only what is nothing without its user, and neither money, jobs nor anything published.
    assert.deepEqual(
      rows.filter(({ rule }) => rule === 'c').map(({ name }) => name),
      ['user_api_keys_user_id_fkey', 'user_profiles_user_id_fkey', 'user_sessions_user_id_fkey'],
    );
    assert.deepEqual(
      rows.filter(({ rule }) => rule === 'n').map(({ name }) => name),
      ['projects_app_id_fkey'],
    );
  });
});

describe('comments', () => {
  it('stand on every schema, table, column and function', async () => {
    const rows = await ask(
      `select 'schema' as kind, nspname::text as name from pg_namespace where nspname in ${schemas} and obj_description(oid, 'pg_namespace') is null
       union all select 'table', oid::regclass::text from pg_class
         where relnamespace::regnamespace::text in ${schemas} and relkind in ('r', 'p', 'v') and not relispartition and obj_description(oid, 'pg_class') is null
       union all select 'column', attrelid::regclass || '.' || attname from pg_attribute join pg_class on pg_class.oid = attrelid
         where relnamespace::regnamespace::text in ${schemas} and relkind in ('r', 'p', 'v') and not relispartition and attnum > 0 and not attisdropped
           and col_description(attrelid, attnum) is null
       union all select 'function', oid::regprocedure::text from pg_proc
         where pronamespace::regnamespace::text in ${schemas} and obj_description(oid, 'pg_proc') is null`,
    );
    assert.deepEqual(rows, []);
  });
});

describe('error codes', () => {
  it('belong to constraints, indexes or triggers that exist, and to codes that exist', async () => {
    const rows = await ask(
      `select conname as name from ${ours} join pg_constraint on conrelid = t.oid
       union select i.relname from ${ours} join pg_index on indrelid = t.oid join pg_class i on i.oid = indexrelid
       union select (regexp_matches(prosrc, 'constraint = ''(\\w+)''', 'g'))[1] from pg_proc where pronamespace = 'hub'::regnamespace`,
    );
    const known = new Set(rows.map(({ name }) => name));
    for (const [name, code] of Object.entries(constraintCodes)) {
      assert.ok(known.has(name), `${name} exists in the database`);
      assert.ok(Object.hasOwn(catalogue, code), `${code} is in the catalogue`);
    }
    const raised = await ask(
      `select (regexp_matches(prosrc, 'constraint = ''(\\w+)''', 'g'))[1] as name from pg_proc where pronamespace = 'hub'::regnamespace`,
    );
    for (const { name } of raised)
      assert.ok(Object.hasOwn(constraintCodes, String(name)), `${name}, raised by a trigger, has a code`);
  });

  it('are there for every unique constraint and index but primary keys', async () => {
    const rows = await ask(
      `select i.relname as name from ${ours} join pg_index on indrelid = t.oid join pg_class i on i.oid = indexrelid where indisunique and not indisprimary`,
    );
    assert.ok(rows.length > 10);
    assert.deepEqual(
      rows.map(({ name }) => String(name)).filter((name) => !Object.hasOwn(constraintCodes, name)),
      [],
    );
  });
});

describe('the models and the migrated database', () => {
  it('are the same in both directions, also after partitions were made at run time', async () => {
    assert.deepEqual(await modelDifferences(db.administrator), []);
    const created = await createPartitions(db.admin, { monthsAhead: 15 });
    assert.ok(created.length >= 4, 'new partitions were made');
    assert.deepEqual(await modelDifferences(db.administrator), []);
  });
});
