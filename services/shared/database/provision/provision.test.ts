import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, describe, it } from 'node:test';
import { isHubError } from '@quantum-hub/kernel';
import type pg from 'pg';
import { type ProvisionOptions, provision, verifyProvisioning } from './index.ts';
import {
  applicationRoles,
  backupRole,
  ownerRole,
  roleNames,
  rolesOfService,
  serviceRoles,
  signInRole,
} from './roles.ts';
import { startTestServer, type TestServer } from './test-server.ts';

const password = `s3cret'"\\$qhub$ pässword`;
const options: ProvisionOptions = {
  database: 'hub',
  applicationLogin: { name: 'quantum_user', password },
  serviceLogins: [{ service: 'identity', name: 'quantum "identity"', password: 'only identity' }],
};
const application = { user: 'quantum_user', password };

let server: TestServer;
let admin: pg.Client;
let modern: boolean;

before(async () => {
  server = await startTestServer({
    log_statement: 'all',
    log_min_error_statement: 'error',
    log_min_messages: 'info',
  });
  await server.run('postgres', 'create database hub');
  admin = await server.connect('hub');
  modern = Number((await admin.query('show server_version_num')).rows[0].server_version_num) >= 160000;
});
after(async () => await server[Symbol.asyncDispose]());

const denied = { code: '42501' };

describe('provision, as a superuser', () => {
  it('leaves nothing to be found, the first time and every time after', async () => {
    assert.deepEqual(await provision(admin, options), []);
    assert.deepEqual(await provision(admin, options), []);
    assert.deepEqual(await verifyProvisioning(admin, { applicationLogin: 'quantum_user' }), []);
  });

  it('changes nothing when run again', async () => {
    const state = async () => {
      const tables: unknown[] = [];
      for (const sql of stateSql) tables.push((await admin.query(sql)).rows);
      return tables;
    };
    const first = await state();
    await provision(admin, options);
    assert.deepEqual(await state(), first);
  });

  it('lets the application verify itself, with no administrator at hand', async () => {
    const client = await server.connect('hub', application);
    assert.deepEqual(await verifyProvisioning(client), []);
  });

  it('creates plain roles that say what they are for; only the backup passes row security', async () => {
    const { rows } = await admin.query(
      `select rolname, rolbypassrls as bypasses, shobj_description(oid, 'pg_authid') like 'Quantum Hub: %' as described,
         rolsuper or rolcanlogin or rolcreatedb or rolcreaterole or rolreplication or rolinherit as more
       from pg_roles where rolname = any($1) order by array_position($1, rolname)`,
      [roleNames],
    );
    const expected = roleNames.map((rolname) => ({
      rolname,
      bypasses: rolname === backupRole,
      described: true,
      more: false,
    }));
    assert.deepEqual(rows, expected);
  });

  it('gives the application no right before SET ROLE, and each of its roles by it', async () => {
    await admin.query(`set role ${ownerRole}; create schema separate; create table separate.facts (n int);
      grant usage on schema separate to ${applicationRoles.join(', ')};
      grant select on separate.facts to ${applicationRoles.join(', ')}; reset role`);
    const client = await server.connect('hub', application);
    await assert.rejects(client.query('select from separate.facts'), denied);
    for (const role of applicationRoles) {
      await client.query(`begin; set local role ${role}`);
      await client.query('select from separate.facts');
      await client.query('commit');
    }
    for (const role of roleNames.filter((name) => !applicationRoles.includes(name))) {
      await assert.rejects(client.query(`set role ${role}`), denied, role);
    }
  });

  it('lets the login of one service act as that service only, identity as the steward of accounts too', async () => {
    const client = await server.connect('hub', { user: 'quantum "identity"', password: 'only identity' });
    const identity = rolesOfService('identity');
    for (const role of identity) await client.query(`set role ${role}; reset role`);
    for (const role of roleNames.filter((name) => !identity.includes(name))) {
      await assert.rejects(client.query(`set role ${role}`), denied, role);
    }
  });

  it('lets nobody else connect, and the application make neither schemas nor temporary tables', async () => {
    await admin.query("create role stranger login password 'stranger'");
    await assert.rejects(server.connect('hub', { user: 'stranger', password: 'stranger' }), denied);
    const client = await server.connect('hub', application);
    await assert.rejects(client.query('create schema mine'), denied);
    await assert.rejects(client.query('create temporary table mine (n int)'), denied);
    await assert.rejects(client.query('create table public.mine (n int)'), denied);
  });

  it('keeps search path and time limits with the logins, so that they hold without start-up parameters', async () => {
    for (const login of [application, { user: 'quantum "identity"', password: 'only identity' }]) {
      const client = await server.connect('hub', login);
      const shown = async (name: string) => Object.values((await client.query(`show ${name}`)).rows[0])[0];
      assert.equal(await shown('search_path'), 'pg_catalog, pg_temp');
      assert.equal(await shown('statement_timeout'), '15s');
      assert.equal(await shown('lock_timeout'), '10s');
      assert.equal(await shown('idle_in_transaction_session_timeout'), '1min');
    }
  });

  it('lets migrations make functions as the owner and for sign-in that PUBLIC cannot execute', async () => {
    await admin.query(`begin; set local role ${ownerRole};
      create function separate.mine() returns int language sql as 'select 1';
      grant create on schema separate to ${signInRole};
      set local role ${signInRole}; create function separate.look_up() returns int language sql as 'select 1';
      set local role ${ownerRole}; revoke create on schema separate from ${signInRole}; commit`);
    const client = await server.connect('hub', application);
    await client.query(`set role ${serviceRoles.identity}`);
    await assert.rejects(client.query('select separate.mine()'), denied);
    await assert.rejects(client.query('select separate.look_up()'), denied);
  });

  it('keeps time limits that an operator set by hand, unless others are asked for', async () => {
    const kept = async () =>
      (
        await admin.query(
          "select unnest(setconfig) as entry from pg_db_role_setting where setrole = 'quantum_user'::regrole",
        )
      ).rows
        .map((row) => row.entry)
        .filter((entry) => entry.startsWith('statement_timeout'))
        .join();
    await admin.query("alter role quantum_user in database hub set statement_timeout = '7min'");
    await provision(admin, options);
    assert.equal(await kept(), 'statement_timeout=7min');
    await provision(admin, { ...options, timeouts: { statementMs: 20_000 } });
    assert.equal(await kept(), 'statement_timeout=20000ms');
  });

  it('leaves the password of an existing login alone unless told to reset it', async () => {
    const applicationLogin = { name: 'quantum_user', password: 'another' };
    await provision(admin, { ...options, applicationLogin });
    await server.connect('hub', application);
    await provision(admin, { ...options, applicationLogin: { ...applicationLogin, resetPassword: true } });
    await server.connect('hub', { user: 'quantum_user', password: 'another' });
    await assert.rejects(server.connect('hub', application), { code: '28P01' });
    await provision(admin, {
      ...options,
      applicationLogin: { ...options.applicationLogin, resetPassword: true },
    });
  });

  it('sends no password to the server: its log, with every statement in it, has none', async () => {
    const log = await readFile(server.logFile, 'utf8');
    assert.match(log, /create role %I login/);
    for (const secret of ['s3cret', 'only identity', "another'"]) assert.ok(!log.includes(secret), secret);
  });

  it('repairs roles that were made too powerful', async () => {
    await admin.query(
      `alter role ${serviceRoles.identity} superuser bypassrls createdb createrole login replication`,
    );
    assert.equal(
      (await verifyProvisioning(admin)).filter(({ sentence }) => sentence.includes('"qhub_identity"')).length,
      6,
    );
    assert.deepEqual(await provision(admin, options), [], 'repaired');
  });

  it('refuses a role that somebody made a member of another, and says how to mend it', async () => {
    await admin.query(`grant ${serviceRoles.execution} to ${serviceRoles.identity}`);
    await assert.rejects(provision(admin, options), (error: Error) => {
      assert.ok(isHubError(error, 'database.not_provisioned'));
      assert.match(error.message, /"qhub_identity" is a member of "qhub_execution"/);
      assert.match(error.message, /revoke "qhub_execution" from "qhub_identity"/);
      return true;
    });
    await admin.query(`revoke ${serviceRoles.execution} from ${serviceRoles.identity}`);
  });

  it('sees to it that rights come only by SET ROLE: mends a membership (16 and later), or says how to', async () => {
    await admin.query(`create role by_hand login; grant ${serviceRoles.identity} to by_hand`);
    const byHand = { ...options, applicationLogin: { name: 'by_hand' } };
    const findings = await provision(admin, byHand);
    if (!modern) {
      assert.match(
        findings[0]?.sentence ?? '',
        /"by_hand" has the rights of qhub_identity.* without SET ROLE/,
      );
      await admin.query(findings[0]?.statement ?? '');
    }
    assert.deepEqual(await verifyProvisioning(admin, { applicationLogin: 'by_hand' }), []);
  });

  it('works where the application login is the administrator and a superuser, as under Docker Compose', async () => {
    await admin.query("create role compose superuser login password 'compose'");
    await server.run('postgres', 'create database composed owner compose');
    const client = await server.connect('composed', { user: 'compose', password: 'compose' });
    const composed = { database: 'composed', applicationLogin: { name: 'compose', password: 'compose' } };
    assert.deepEqual(await provision(client, composed), []);
    assert.deepEqual(await provision(client, composed), []);
    await client.query(`begin; set local role ${serviceRoles.identity}`);
    assert.equal(
      (await client.query("select current_setting('is_superuser') as super")).rows[0].super,
      'off',
    );
    await client.query('rollback');
  });

  it('takes names that would break careless quoting', async () => {
    const odd = `o'dd "na\\me" $qhub$`;
    await admin.query(`create database "${odd.replaceAll('"', '""')}"`);
    const client = await server.connect(odd);
    assert.deepEqual(
      await provision(client, { database: odd, applicationLogin: { name: odd, password: odd } }),
      [],
    );
    await server.connect(odd, { user: odd, password: odd });
  });
});

describe('provision, when what is asked for cannot be', () => {
  const refused = async (client: pg.Client, asked: ProvisionOptions, pattern: RegExp) =>
    await assert.rejects(provision(client, asked), (error: Error) => {
      assert.ok(isHubError(error, 'database.config_invalid'), String(error));
      assert.match(error.message, pattern);
      return true;
    });

  it('names the login that is missing and cannot be created without a password', async () => {
    await refused(
      admin,
      { database: 'hub', applicationLogin: { name: 'nobody_yet' } },
      /login "nobody_yet" does not exist/,
    );
  });

  it('does nothing in a database that is not the one that was meant', async () => {
    const elsewhere = await server.connect('postgres');
    await refused(elsewhere, options, /connection is to the database "postgres": connect to "hub"/);
  });

  it('leaves the connection usable after a refusal', async () => {
    await refused(
      admin,
      { database: 'other', applicationLogin: { name: 'quantum_user' } },
      /connect to "other"/,
    );
    assert.deepEqual((await admin.query('select 1 as one')).rows, [{ one: 1 }]);
  });
});

/** Everything that provisioning writes, but for the owner's comment, whose rewriting is the lock. */
const stateSql = [
  'select * from pg_roles order by 1',
  'select roleid, member, grantor, to_jsonb(given) as options from pg_auth_members given order by 1, 2, 3',
  'select * from pg_database order by 1',
  "select * from pg_namespace where nspname = 'public'",
  'select * from pg_db_role_setting order by 1, 2',
  'select * from pg_default_acl order by 1',
  'select objoid, description from pg_shdescription order by 1',
];
