/** Guarantee: the migrations lead from nothing to the models and back, the same way each time, and each runs once however many run them. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { isHubError } from '@quantum-hub/kernel';
import { Client } from 'pg';
import { createTestDatabase, type TestDatabase } from '../testing/index.ts';
import { readRecorded } from './bookkeeping.ts';
import { modelDifferences } from './check/model-differences.ts';
import { migrationsFolder, readMigrations } from './files.ts';
import { migrateDown, migrateUp, pendingMigrations } from './runner.ts';

let db: TestDatabase;
before(async () => {
  db = await createTestDatabase();
});
after(async () => await db[Symbol.asyncDispose]());

const names = readMigrations(migrationsFolder).map(({ name }) => name);

/**
 * All that the migrations make, as text: columns, constraints, indexes, triggers, policies, functions, rights, comments.
 * Of columns the order counts, not the number, of which one that was taken away keeps its own.
 */
const catalogSql = `
  select 'schema ' || nspname || coalesce(nspacl::text, '') || coalesce(obj_description(oid, 'pg_namespace'), '') as line
    from pg_namespace where nspname in ('hub', 'identity', 'development', 'marketplace', 'execution')
  union all select 'relation ' || oid::regclass || relkind::text || relowner::regrole || relrowsecurity || relforcerowsecurity
      || coalesce(relacl::text, '') || coalesce(reloptions::text, '') || coalesce(pg_get_expr(relpartbound, oid), '') || coalesce(obj_description(oid, 'pg_class'), '')
    from pg_class where relnamespace::regnamespace::text in ('hub', 'identity', 'development', 'marketplace', 'execution')
  union all select 'column ' || attrelid::regclass || '.' || attname || rank() over (partition by attrelid order by attnum) || format_type(atttypid, atttypmod) || attnotnull
      || coalesce(pg_get_expr(adbin, adrelid), '') || coalesce(attacl::text, '') || coalesce(col_description(attrelid, attnum), '')
    from pg_attribute join pg_class c on c.oid = attrelid left join pg_attrdef on adrelid = attrelid and adnum = attnum
    where attnum > 0 and not attisdropped and relnamespace::regnamespace::text in ('hub', 'identity', 'development', 'marketplace', 'execution')
  union all select 'constraint ' || conrelid::regclass || conname || pg_get_constraintdef(oid) from pg_constraint
    where connamespace::regnamespace::text in ('hub', 'identity', 'development', 'marketplace', 'execution')
  union all select 'index ' || pg_get_indexdef(indexrelid) from pg_index join pg_class c on c.oid = indexrelid
    where relnamespace::regnamespace::text in ('hub', 'identity', 'development', 'marketplace', 'execution')
  union all select 'trigger ' || pg_get_triggerdef(t.oid) || tgenabled::text from pg_trigger t join pg_class c on c.oid = tgrelid
    where not tgisinternal and relnamespace::regnamespace::text in ('identity', 'development', 'marketplace', 'execution')
  union all select 'policy ' || schemaname || tablename || policyname || permissive || roles::text || cmd || coalesce(qual, '') || coalesce(with_check, '') from pg_policies
  union all select 'function ' || pg_get_functiondef(oid) || proowner::regrole || coalesce(proacl::text, '') || coalesce(obj_description(oid, 'pg_proc'), '')
    from pg_proc where pronamespace::regnamespace::text in ('hub', 'identity', 'development', 'marketplace', 'execution')
  union all select 'default right ' || defaclrole::regrole || defaclobjtype::text || defaclacl::text from pg_default_acl
  order by 1`;

async function catalogLines(): Promise<string[]> {
  return (await db.admin.query(catalogSql)).rows.map(({ line }) => line);
}

/** What is left besides the bookkeeping of the runner. */
async function remains(): Promise<string[]> {
  const lines = await catalogLines();
  return lines.filter(
    (line) =>
      !/^(default right|(schema|relation|column|constraint|index) .*(hub|hub\.migrations|migrations))/.test(
        line,
      ),
  );
}

describe('up and down', () => {
  it('down leaves nothing but the bookkeeping, and up again gives the same catalog', async () => {
    await migrateDown(db.admin, { allowDataLoss: true });
    assert.deepEqual(await remains(), []);
    assert.deepEqual(await migrateUp(db.admin), names);
    const first = await catalogLines();
    assert.ok(first.length > 500, `the catalog has ${first.length} lines`);
    assert.deepEqual(await migrateDown(db.admin, { allowDataLoss: true }), names.toReversed());
    assert.deepEqual(await migrateUp(db.admin), names);
    assert.deepEqual(await catalogLines(), first);
  });

  it('each migration by itself can be taken back and applied again', async () => {
    const whole = await catalogLines();
    for (let steps = 1; steps <= names.length; steps += 1) {
      assert.deepEqual(
        await migrateDown(db.admin, { steps, allowDataLoss: true }),
        names.slice(-steps).toReversed(),
      );
      assert.deepEqual(
        (await pendingMigrations(db.admin)).map(({ name }) => name),
        names.slice(-steps),
      );
      await migrateUp(db.admin);
      assert.deepEqual(await catalogLines(), whole, `${steps} back and forth`);
    }
  });

  it('what was migrated is what the models say', async () => {
    assert.deepEqual(await modelDifferences(db.administrator), []);
  });

  it('a second run has nothing to do, and the bookkeeping says what was applied', async () => {
    assert.deepEqual(await migrateUp(db.admin), []);
    const applied = (await readRecorded(db.admin)).map(({ name, sha256 }) => ({ name, sha256 }));
    assert.deepEqual(
      applied,
      readMigrations().map(({ name, sha256 }) => ({ name, sha256 })),
    );
  });

  it('an applied migration whose file was changed since is refused, by name', async () => {
    await db.admin.query(`update hub.migrations set sha256 = repeat('0', 64) where name = $1`, [names[0]]);
    await assert.rejects(migrateUp(db.admin), (error: Error) => {
      return (
        isHubError(error) &&
        error.code === 'database.migration_changed' &&
        error.message.includes(String(names[0]))
      );
    });
    const sha256 = readMigrations()[0]?.sha256;
    await db.admin.query(`update hub.migrations set sha256 = $2 where name = $1`, [names[0], sha256]);
  });
});

describe('runners at once', () => {
  for (const runners of [2, 20]) {
    it(`${runners} on an empty database apply each migration once, and all succeed`, async () => {
      await migrateDown(db.admin, { allowDataLoss: true });
      await db.admin.query('drop schema hub cascade');
      const clients = Array.from({ length: runners }, () => new Client(db.administrator));
      try {
        await Promise.all(clients.map((client) => client.connect()));
        const applied = await Promise.all(clients.map((client) => migrateUp(client)));
        assert.deepEqual(applied.flat().toSorted(), names.toSorted());
      } finally {
        await Promise.all(clients.map((client) => client.end()));
      }
      assert.deepEqual(await modelDifferences(db.administrator), []);
    });
  }
});
