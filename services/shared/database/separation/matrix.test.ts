/**
 * Guarantee: a role can do to a table, a partition, a column, a function or a schema what `models/privileges.ts`
 * says, and nothing else. Every cell is found out by executing a statement as the role.
 */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { Client } from 'pg';
import { grantsSql, type Privileges, privileges, tableNames, type Verb } from '../models/privileges.ts';
import { ownerRole, roleNames, serviceRoles, signInRole } from '../provision/roles.ts';
import { tryAs, verdict } from '../testing/acting.ts';
import { createTestDatabase, type TestDatabase } from '../testing/index.ts';

let db: TestDatabase;
/** Column names by table, `schema.table`. */
let columns: Map<string, string[]>;
let partitions: string[];

before(async () => {
  db = await createTestDatabase();
  const { rows } = await db.admin.query(
    `select c.oid::regclass::text as name, c.relispartition as part, array_agg(a.attname::text order by attnum) as columns
       from pg_class c join pg_attribute a on a.attrelid = c.oid and attnum > 0
      where relnamespace::regnamespace::text in ('hub', 'identity', 'development', 'marketplace', 'execution')
        and relkind in ('r', 'p', 'v', 'm', 'f') group by c.oid`,
  );
  columns = new Map(rows.map(({ name, columns: names }) => [name, names]));
  partitions = rows.filter(({ part }) => part).map(({ name }) => name);
});
after(async () => await db[Symbol.asyncDispose]());

const verbs = ['select', 'insert', 'update', 'delete'] as const;
const denied = '42501';
const services: readonly string[] = Object.values(serviceRoles);
const workingRoles = roleNames.filter((role) => role !== ownerRole);

/** Statements that touch no row: the right is looked at before any row is. */
function statement(verb: Verb, table: string, column: string): string {
  switch (verb) {
    case 'select':
      return `select "${column}" from ${table} where false`;
    case 'insert':
      return `insert into ${table} ("${column}") select null where false`;
    case 'update':
      return `update ${table} set "${column}" = null where false`;
    case 'delete':
      return `delete from ${table} where false`;
  }
}

function isGranted(role: string, table: string, verb: Verb, column: string): boolean {
  const granted = (privileges[role] as Readonly<Record<string, Privileges>> | undefined)?.[table]?.[verb];
  return granted === true || (granted?.includes(column) ?? false);
}

describe('role x table x verb x column', () => {
  for (const role of workingRoles) {
    it(`${role} does what the privileges grant and is refused the rest`, async () => {
      for (const table of tableNames) {
        for (const verb of verbs) {
          for (const column of verb === 'delete' ? ['id'] : (columns.get(table) ?? [])) {
            const outcome = await tryAs(db.admin, { role }, statement(verb, table, column));
            const expected = isGranted(role, table, verb, column) ? 'done' : denied;
            assert.equal(verdict(outcome), expected, `${role}: ${verb} of ${table}.${column}`);
          }
        }
        assert.equal(
          verdict(await tryAs(db.admin, { role }, `truncate ${table}`)),
          denied,
          `${role}: truncate of ${table}`,
        );
        assert.equal(
          verdict(await tryAs(db.admin, { role }, `alter table ${table} disable row level security`)),
          denied,
        );
        assert.equal(
          verdict(await tryAs(db.admin, { role }, `lock table ${table} in access exclusive mode`)),
          lockVerdict(role, table),
        );
      }
    });
  }

  it('lists every table of the four schemas, so that none is left out of this walk', () => {
    const known = [
      ...tableNames,
      ...partitions,
      'hub.backfills',
      'hub.backup_runs',
      'hub.idempotent_answers',
      'hub.migrations',
      'hub.rate_windows',
    ].toSorted();
    assert.deepEqual([...columns.keys()].toSorted(), known);
  });

  it('has the grants of the migration say what privileges.ts says', async () => {
    const before = await tableRights();
    await db.admin.query('begin');
    for (const role of workingRoles) {
      await db.admin.query(
        `revoke all on all tables in schema identity, development, marketplace, execution from ${role}`,
      );
    }
    await db.admin.query(grantsSql());
    await db.admin.query(backupOfPartitions());
    const declared = await tableRights();
    await db.admin.query('rollback');
    assert.deepEqual(before, declared);
  });
});

/** Locking a table exclusively takes a right to write all of it. */
function lockVerdict(role: string, table: string): string {
  const granted = (privileges[role] as Readonly<Record<string, Privileges>> | undefined)?.[table];
  return granted?.update === true || granted?.delete === true ? 'done' : denied;
}

function backupOfPartitions(): string {
  return partitions.map((name) => `grant select on ${name} to qhub_backup`).join(';');
}

async function tableRights(): Promise<unknown[]> {
  const { rows } = await db.admin.query(
    `select c.oid::regclass::text as name, grantee::regrole::text as role, privilege_type as verb, null as column
       from pg_class c, aclexplode(relacl) where relnamespace::regnamespace::text ~ '^(identity|development|marketplace|execution)$'
      union all
     select attrelid::regclass::text, grantee::regrole::text, privilege_type, attname
       from pg_attribute join pg_class c on c.oid = attrelid, aclexplode(attacl)
      where relnamespace::regnamespace::text ~ '^(identity|development|marketplace|execution)$'
      order by 1, 2, 3, 4`,
  );
  return rows;
}

describe('partitions', () => {
  it('are reached through their table only; the backup alone reads them, because pg_dump dumps each by itself', async () => {
    assert.ok(partitions.length >= 26, 'both tables have a partition a month');
    for (const role of workingRoles) {
      for (const partition of partitions) {
        for (const verb of verbs) {
          const outcome = await tryAs(db.admin, { role }, statement(verb, partition, 'id'));
          const expected = role === 'qhub_backup' && verb === 'select' ? 'done' : denied;
          assert.equal(verdict(outcome), expected, `${role}: ${verb} of ${partition}`);
        }
      }
    }
  });
});

describe('what is no table of the models', () => {
  it('hub.migrations is read by every role and written by none', async () => {
    for (const role of workingRoles) {
      for (const verb of verbs) {
        const outcome = await tryAs(db.admin, { role }, statement(verb, 'hub.migrations', 'name'));
        assert.equal(verdict(outcome), verb === 'select' ? 'done' : denied, `${role}: ${verb}`);
      }
    }
  });

  it('hub.backfills is kept by maintenance and read by the backup, and nobody else sees it', async () => {
    const allowed: Readonly<Record<string, readonly Verb[]>> = {
      qhub_maintenance: ['select', 'insert', 'update'],
      qhub_backup: ['select'],
    };
    for (const role of workingRoles) {
      for (const verb of verbs) {
        const outcome = await tryAs(db.admin, { role }, statement(verb, 'hub.backfills', 'name'));
        assert.equal(verdict(outcome), allowed[role]?.includes(verb) ? 'done' : denied, `${role}: ${verb}`);
      }
    }
  });

  it('hub.rate_windows and hub.idempotent_answers belong to the services, are read by the backup, and nobody else sees them', async () => {
    for (const [table, column] of [
      ['hub.rate_windows', 'key'],
      ['hub.idempotent_answers', 'route'],
    ] as const) {
      for (const role of workingRoles) {
        for (const verb of verbs) {
          const outcome = await tryAs(db.admin, { role }, statement(verb, table, column));
          const may = services.includes(role) || (role === 'qhub_backup' && verb === 'select');
          assert.equal(verdict(outcome), may ? 'done' : denied, `${role}: ${verb} of ${table}`);
        }
      }
    }
  });

  it('hub.backup_runs is written and read by the backup, changed by nobody, and nobody else sees it', async () => {
    for (const role of workingRoles) {
      for (const verb of verbs) {
        const outcome = await tryAs(db.admin, { role }, statement(verb, 'hub.backup_runs', 'host'));
        const may = role === 'qhub_backup' && (verb === 'select' || verb === 'insert');
        assert.equal(verdict(outcome), may ? 'done' : denied, `${role}: ${verb}`);
      }
    }
  });

  it('archive is read by the backup, and no other role may look into it', async () => {
    await db.admin.query(
      'begin; create table archive.jobs_2020_01 (id uuid); grant select on archive.jobs_2020_01 to public',
    );
    try {
      for (const role of workingRoles) {
        await db.admin.query(`savepoint before; set local role ${role}`);
        const look = db.admin.query('select from archive.jobs_2020_01');
        if (role === 'qhub_backup') await look;
        else await assert.rejects(look, { code: denied });
        await db.admin.query('rollback to before');
      }
    } finally {
      await db.admin.query('rollback');
    }
  });

  it('no role can make anything: neither tables, functions, schemas and temporary tables nor roles', async () => {
    const statements = [
      'hub',
      'archive',
      'identity',
      'development',
      'marketplace',
      'execution',
      'public',
    ].flatMap((schema) => [
      `create table ${schema}.mine ()`,
      `create function ${schema}.mine() returns integer language sql as 'select 1'`,
    ]);
    statements.push(
      'create schema mine',
      'create temporary table mine ()',
      'create role mine',
      'create extension pg_trgm schema hub',
    );
    for (const role of workingRoles) {
      for (const sql of statements) {
        assert.equal(verdict(await tryAs(db.admin, { role }, sql)), denied, `${role}: ${sql}`);
      }
    }
  });

  it('a schema is used by the roles that have something in it, and by no other', async () => {
    const functions: Readonly<Record<string, readonly string[]>> = {
      identity: services.filter((role) => role !== serviceRoles.identity),
      marketplace: [serviceRoles.execution],
    };
    for (const role of workingRoles) {
      for (const schema of ['identity', 'development', 'marketplace', 'execution']) {
        const granted = Object.keys(privileges[role] ?? {}).some((table) => table.startsWith(`${schema}.`));
        const used = granted || (functions[schema]?.includes(role) ?? false);
        // The name of a table that is not there is looked up only in a schema that may be used.
        const outcome = verdict(await tryAs(db.admin, { role }, `select from ${schema}.nothing`));
        assert.equal(outcome, used ? '42P01' : denied, `${role}: ${schema}`);
      }
    }
  });

  it('there are no sequences: ids are made in the application', async () => {
    const { rows } = await db.admin.query(
      `select oid::regclass from pg_class where relkind = 'S' and relnamespace >= 16384`,
    );
    assert.deepEqual(rows, []);
  });

  it('the look-ups before sign-in are executed by the services named, and by no one else', async () => {
    const { identity, development, marketplace, execution } = serviceRoles;
    const callers: Record<string, readonly string[]> = {
      'identity.find_api_key(null)': [identity, development, marketplace, execution],
      'identity.find_session(null)': [identity, development, marketplace, execution],
      'identity.find_sign_in(null)': [identity],
      'identity.find_email_token(null)': [identity],
      'marketplace.find_subscription_key(null)': [marketplace, execution],
    };
    for (const role of workingRoles.filter((name) => name !== signInRole)) {
      for (const [call, allowed] of Object.entries(callers)) {
        const outcome = await tryAs(db.admin, { role }, `select * from ${call}`);
        assert.equal(verdict(outcome), allowed.includes(role) ? 'done' : denied, `${role}: ${call}`);
      }
    }
    const { rows } = await db.admin.query(
      `select p.oid::regprocedure::text as name, proowner::regrole::text as owner, proconfig as config from pg_proc p where prosecdef and pronamespace >= 16384 order by 1`,
    );
    const config = ['search_path=pg_catalog, pg_temp'];
    assert.deepEqual(
      rows,
      [
        'identity.find_api_key(bytea)',
        'identity.find_email_token(bytea)',
        'identity.find_session(bytea)',
        'identity.find_sign_in(text)',
        'marketplace.find_subscription_key(bytea)',
      ].map((name) => ({ name, owner: signInRole, config })),
    );
  });
});

describe('PUBLIC and strangers', () => {
  it('PUBLIC has no right to the database, to a schema, a table, a column or a function', async () => {
    const { rows } = await db.admin.query(
      `select 'database' as kind, datname::text as name from pg_database, aclexplode(coalesce(datacl, acldefault('d', datdba))) where grantee = 0 and datname = current_database()
       union all select 'schema', nspname from pg_namespace, aclexplode(coalesce(nspacl, acldefault('n', nspowner))) where grantee = 0 and nspname !~ '^pg_|^information_schema$'
       union all select 'table', c.oid::regclass::text from pg_class c, aclexplode(relacl) where grantee = 0 and relnamespace >= 16384
       union all select 'column', attrelid::regclass::text from pg_attribute, aclexplode(attacl) where grantee = 0 and attrelid >= 16384
       union all select 'function', p.oid::regprocedure::text from pg_proc p, aclexplode(coalesce(proacl, acldefault('f', proowner))) where grantee = 0 and pronamespace >= 16384`,
    );
    assert.deepEqual(rows, []);
  });

  it('a login outside the hub cannot connect', async () => {
    const name = `stranger_${process.pid}`;
    await db.admin.query(`create role ${name} login password 'stranger'`);
    try {
      const client = new Client({ ...db.application, user: name, password: 'stranger' });
      await assert.rejects(client.connect(), { code: denied });
      await client.end();
    } finally {
      await db.admin.query(`drop role ${name}`);
    }
  });

  it('the application login itself, before SET ROLE, reads and writes nothing and cannot become more than it is', async () => {
    const client = new Client(db.application);
    await client.connect();
    try {
      for (const table of tableNames) {
        await assert.rejects(client.query(`select 1 from ${table}`), { code: denied }, table);
      }
      for (const role of [ownerRole, signInRole, 'postgres']) {
        await assert.rejects(client.query(`set role "${role}"`), { code: denied }, role);
      }
    } finally {
      await client.end();
    }
  });
});
