/** Guarantee: the roles that pass ownership do so by name, as far as their task goes, and no further. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { after, before, describe, it } from 'node:test';
import { auditRetentionDays } from '../models/index.ts';
import { tableNames } from '../models/privileges.ts';
import {
  backupRole,
  maintenanceRole,
  ownerRole,
  roleNames,
  serviceRoles,
  signInRole,
  stewardRole,
  workerRole,
} from '../provision/roles.ts';
import { tryAs, verdict } from '../testing/acting.ts';
import { createTestDatabase, type TestDatabase } from '../testing/index.ts';
import { makeOwner, type OwnedRows, ownedTables } from '../testing/two-users.ts';

let db: TestDatabase;
let one: OwnedRows;
let two: OwnedRows;

before(async () => {
  db = await createTestDatabase();
  one = await makeOwner(db.admin);
  two = await makeOwner(db.admin);
});
after(async () => await db[Symbol.asyncDispose]());

const denied = '42501';

async function idsSeen(role: string, table: string): Promise<unknown[] | string> {
  const outcome = await tryAs(db.admin, { role }, `select id from ${table} order by id`);
  return 'rows' in outcome ? outcome.rows.map(({ id }) => id) : outcome.code;
}
const both = (table: string) => [one.ids[table], two.ids[table]].toSorted();

describe('the worker', () => {
  it("reads every user's jobs, results, queue entries, versions, apps and subscriptions, and nobody's identity or keys", async () => {
    const readable = [
      'execution.jobs',
      'execution.job_results',
      'execution.job_queue',
      'execution.job_events',
      'execution.job_attempts',
      'development.app_versions',
      'development.quantum_apps',
      'marketplace.subscriptions',
    ];
    for (const table of ownedTables) {
      assert.deepEqual(
        await idsSeen(workerRole, table),
        readable.includes(table) ? both(table) : denied,
        table,
      );
    }
  });

  it("finishes anybody's job, and makes none", async () => {
    const finish = `update execution.jobs set status = 'completed', finished_at = now() where status = 'running'`;
    const outcome = await tryAs(db.admin, { role: workerRole }, finish);
    assert.equal('count' in outcome && outcome.count, 2);
    assert.equal(
      verdict(await tryAs(db.admin, { role: workerRole }, 'insert into execution.jobs (id) values (null)')),
      denied,
    );
  });
});

describe('the steward of accounts', () => {
  it("sees everybody's accounts, sessions, keys, mails and audit events, and nothing of what people do in the hub", async () => {
    const readable = [
      'identity.users',
      'identity.user_sessions',
      'identity.user_api_keys',
      'identity.outbox_mails',
      'identity.audit_events',
    ];
    for (const table of ownedTables) {
      assert.deepEqual(
        await idsSeen(stewardRole, table),
        readable.includes(table) ? both(table) : denied,
        table,
      );
    }
  });

  it('reads no password, no key and no token, and makes no account', async () => {
    const secrets = {
      'identity.users': 'password_hash',
      'identity.user_api_keys': 'key_hash',
      'identity.user_sessions': 'token_hash',
      'identity.email_tokens': 'token_hash',
    };
    for (const [table, column] of Object.entries(secrets)) {
      const outcome = await tryAs(db.admin, { role: stewardRole }, `select ${column} from ${table}`);
      assert.equal(verdict(outcome), denied, `${table}.${column}`);
    }
    const ended = await tryAs(db.admin, { role: stewardRole }, 'delete from identity.email_tokens');
    const { rows } = await db.admin.query(
      `select count(*)::int as count from identity.email_tokens where purpose = 'reset_password'`,
    );
    assert.equal('count' in ended && ended.count, rows[0].count, 'of tokens it ends mailed resets only');
    const made = await tryAs(
      db.admin,
      { role: stewardRole },
      'insert into identity.users (id) values (null)',
    );
    assert.equal(verdict(made), denied);
  });
});

describe('the audit log', () => {
  it('is added to and changed by no service; upkeep deletes what is older than its time and nothing younger', async () => {
    for (const role of [stewardRole, serviceRoles.identity]) {
      const acting = { role, actor: one.userId };
      const changed = await tryAs(db.admin, acting, `update identity.audit_events set outcome = 'refused'`);
      assert.equal(verdict(changed), denied, role);
    }
    const young = await tryAs(db.admin, { role: stewardRole }, 'delete from identity.audit_events');
    assert.equal('count' in young && young.count, 0);
    await db.admin.query('begin; alter table identity.audit_events disable trigger a_set_times');
    await db.admin.query(
      `update identity.audit_events set created_at = now() - interval '${auditRetentionDays} days 1 second' where user_id = $1`,
      [one.userId],
    );
    await db.admin.query(`set local role ${stewardRole}`);
    const { rows } = await db.admin.query('delete from identity.audit_events returning user_id');
    await db.admin.query('rollback');
    assert.deepEqual(rows, [{ user_id: one.userId }]);
  });
});

describe('maintenance', () => {
  it('reads and changes the rows of all users in every table with an owner', async () => {
    for (const table of ownedTables) {
      assert.deepEqual(await idsSeen(maintenanceRole, table), both(table), table);
      const outcome = await tryAs(
        db.admin,
        { role: maintenanceRole },
        `update ${table} set created_at = now()`,
      );
      assert.equal('count' in outcome && outcome.count, 2, `a backfill of ${table} reaches all rows`);
    }
  });

  it('anonymises a user', async () => {
    const sql = `update identity.users set username = 'gone-1', email = 'gone-1@invalid.example', full_name = null,
      password_hash = null, active = false where id = $1`;
    const outcome = await tryAs(db.admin, { role: maintenanceRole }, sql, [one.userId]);
    assert.equal('count' in outcome && outcome.count, 1);
  });

  it('does not pass row security as such: a table without a policy that names it shows it nothing', async () => {
    await db.admin.query('begin');
    await db.admin.query('drop policy projects_maintenance on development.projects');
    await db.admin.query(`set local role ${maintenanceRole}`);
    const { rows } = await db.admin.query('select id from development.projects');
    await db.admin.query('rollback');
    assert.deepEqual(rows, []);
  });
});

describe('the backup', () => {
  it('reads the rows of all users in every table', async () => {
    for (const table of ownedTables) assert.deepEqual(await idsSeen(backupRole, table), both(table), table);
    for (const table of tableNames) assert.ok(Array.isArray(await idsSeen(backupRole, table)), table);
  });

  it('writes nothing', async () => {
    for (const table of tableNames) {
      const outcome = await tryAs(db.admin, { role: backupRole }, `update ${table} set created_at = now()`);
      assert.equal(verdict(outcome), denied, table);
    }
  });

  it('dumps the whole database with pg_dump, partitions too', async (t) => {
    const { host, port, user, password, database } = db.administrator;
    const version = spawnSync('pg_dump', ['--version'], { encoding: 'utf8' });
    const server = Number((await db.admin.query('show server_version_num')).rows[0].server_version_num);
    const major = Number(/(\d+)[.\d]*/.exec(version.stdout ?? '')?.[1]);
    if (Number.isNaN(major)) {
      if (process.env.CI === 'true') assert.fail('pg_dump is not installed');
      return t.skip('pg_dump is not installed');
    }
    // An older pg_dump refuses a newer server; Debian 12 has that of 15 and no other.
    if (major < Math.floor(server / 10_000)) return t.skip(`pg_dump ${major} is older than the server`);
    const dump = spawnSync(
      'pg_dump',
      ['-h', host, '-p', String(port), '-U', user, '--role', backupRole, database],
      {
        encoding: 'utf8',
        env: { ...process.env, PGPASSWORD: password },
        maxBuffer: 2 ** 28,
      },
    );
    assert.equal(dump.status, 0, dump.stderr);
    for (const table of ownedTables) {
      for (const id of both(table)) assert.ok(dump.stdout.includes(String(id)), `${table} is in the dump`);
    }
  });
});

describe('sign-in', () => {
  it('is a role that no login is a member of: its rights are reached through its functions only', async () => {
    const { rows } = await db.admin.query(
      `select member::regrole::text as member from pg_auth_members where roleid = $1::regrole`,
      [signInRole],
    );
    const members = rows.map(({ member }) => member).filter((member) => member !== 'postgres');
    assert.deepEqual(members, [ownerRole]);
  });

  it('reads what the look-ups need and writes nothing', async () => {
    const readable = [
      'identity.users',
      'identity.user_api_keys',
      'identity.user_sessions',
      'identity.email_tokens',
      'marketplace.subscriptions',
      'marketplace.subscription_keys',
    ];
    for (const table of ownedTables) {
      assert.deepEqual(
        await idsSeen(signInRole, table),
        readable.includes(table) ? both(table) : denied,
        table,
      );
      assert.equal(
        verdict(await tryAs(db.admin, { role: signInRole }, `delete from ${table}`)),
        denied,
        table,
      );
    }
  });
});

describe('the owner', () => {
  it('is bound by row security itself: a migration that forgets to act as maintenance changes no row', async () => {
    for (const table of ownedTables) assert.deepEqual(await idsSeen(ownerRole, table), [], table);
  });

  it('and every other role cannot log in', async () => {
    const { rows } = await db.admin.query(
      'select rolname from pg_roles where rolname = any($1) and rolcanlogin',
      [roleNames],
    );
    assert.deepEqual(rows, []);
  });
});
