import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { isHubError } from '@quantum-hub/kernel';
import type pg from 'pg';
import { type Finding, type ProvisionOptions, provision } from './index.ts';
import { administratorRoles, ownerRole, serviceRoles, signInRole } from './roles.ts';
import { startTestServer, type TestServer } from './test-server.ts';

const login = { user: 'dba', password: 'dba' };
const forDatabase = (database: string): ProvisionOptions => ({
  database,
  applicationLogin: { name: 'quantum_user', password: 'quantum' },
});

let major: number;

let server: TestServer;
before(async () => {
  server = await startTestServer();
  const [row] = await server.run('postgres', 'show server_version_num');
  major = Math.floor(Number(row?.server_version_num) / 10_000);
});
after(async () => await server[Symbol.asyncDispose]());

/** Begins anew: no role but the administrator `dba`. */
async function becomeAdministrator(attributes: string): Promise<void> {
  await server.forget();
  await server.run('postgres', `create role dba login password 'dba' ${attributes}`);
}

/** The one thing that an owner of a database cannot do on 14. */
function assertOnlySchemaPublic(findings: readonly Finding[]): void {
  const expected = major < 15 ? [['warning', 'revoke all on schema public from public']] : [];
  assert.deepEqual(
    findings.map(({ severity, statement }) => [severity, statement]),
    expected,
  );
}

describe('provision, as an administrator with CREATEROLE who owns the database', () => {
  let admin: pg.Client;
  before(async () => {
    await becomeAdministrator('createrole createdb');
    const first = await server.connect('postgres', login);
    await first.query('create database hub');
    admin = await server.connect('hub', login);
  });

  it('does all that a superuser does, again and again; what it cannot do on 14 it says', async () => {
    assertOnlySchemaPublic(await provision(admin, forDatabase('hub')));
    assertOnlySchemaPublic(await provision(admin, forDatabase('hub')));
    await server.run('hub', 'revoke all on schema public from public');
    assert.deepEqual(await provision(admin, forDatabase('hub')), []);
  });

  it('lets that administrator migrate, as the owner and as the role of the look-ups', async () => {
    for (const role of [...administratorRoles, signInRole]) await admin.query(`set role ${role}; reset role`);
    await admin.query(`begin; set local role ${ownerRole}; create schema made; grant create on schema made to ${signInRole};
      set local role ${signInRole}; create function made.look_up() returns int language sql as 'select 1'; rollback`);
  });

  it('lets the application act as a service', async () => {
    const application = await server.connect('hub', { user: 'quantum_user', password: 'quantum' });
    await application.query(`begin; set local role ${serviceRoles.identity}; commit`);
  });

  it('works in a second database of the same cluster', async () => {
    await (await server.connect('postgres', login)).query('create database second');
    assertOnlySchemaPublic(await provision(await server.connect('second', login), forDatabase('second')));
  });

  it('works where that administrator is the application login too', async () => {
    const asked = { database: 'hub', applicationLogin: { name: 'dba' } };
    const findings = await provision(admin, asked);
    // Before 16 an administrator who inherits keeps doing so: NOINHERIT would take its other rights away.
    const expected = major < 16 ? ['alter role "dba" noinherit'] : [];
    assert.deepEqual(
      findings.map(({ statement }) => statement),
      expected,
    );
  });
});

describe('provision, as an administrator who lacks a right', () => {
  const allSay = 'all say over roles that a superuser made';
  const scenarios: Readonly<
    Record<string, { attributes: string; owns: boolean; prepare: string; lacks: RegExp }>
  > = {
    'CREATEROLE, with no role there yet': {
      attributes: '',
      owns: true,
      prepare: 'select 1',
      lacks: /"dba" lacks the right to create the role "qhub_owner"; .*: alter role dba createrole$/,
    },
    [allSay]: {
      attributes: 'createrole',
      owns: true,
      prepare: 'provision',
      lacks: /"dba" lacks (the right to make|ownership)/,
    },
    'ownership of the database': {
      attributes: 'createrole',
      owns: false,
      prepare: 'select 1',
      lacks: /"dba" lacks ownership of the database "hub"; .*: alter database hub owner to dba$/,
    },
    'the right to repair a role that is a superuser': {
      attributes: 'createrole',
      owns: true,
      prepare: 'create role qhub_worker superuser',
      lacks:
        /"dba" lacks the right to make "qhub_worker" a plain role; .*: alter role qhub_worker nosuperuser/,
    },
    'a say in the login whose password it is to reset': {
      attributes: '',
      owns: true,
      prepare: 'provision',
      lacks: /"dba" lacks the right to set the password of "quantum_user"/,
    },
  };
  for (const [name, { attributes, owns, prepare, lacks }] of Object.entries(scenarios)) {
    it(`says in one sentence that it lacks ${name}; each statement named mends it`, async () => {
      await becomeAdministrator(attributes);
      await server.run('postgres', `create database hub owner ${owns ? 'dba' : 'postgres'}`);
      const asked = forDatabase('hub');
      if (prepare === 'provision') await provisionElsewhere(asked);
      else await server.run('hub', prepare);
      if (name.includes('password')) asked.applicationLogin.resetPassword = true;
      const refusals = await provisionByStatements(asked);
      // Before 16, CREATEROLE is a say over every role that is no superuser.
      if (major < 16 && name === allSay) assert.deepEqual(refusals, []);
      else assert.match(refusals[0] ?? 'nothing refused', lacks);
    });
  }

  it('does not promise what no grant can give: the password of a superuser', async () => {
    await becomeAdministrator('createrole');
    await server.run('postgres', 'create database hub owner dba');
    await server.run('postgres', 'create role quantum_user login superuser');
    const asked = forDatabase('hub');
    asked.applicationLogin.resetPassword = true;
    const admin = await server.connect('hub', login);
    await assert.rejects(
      provision(admin, asked),
      /"quantum_user" is a superuser, whose password only a superuser resets/,
    );
  });
});

/** Provisions as `dba`, lets a superuser run the statement of each refusal, and gives the refusals. */
async function provisionByStatements(asked: ProvisionOptions): Promise<string[]> {
  const refusals: string[] = [];
  for (;;) {
    const admin = await server.connect(asked.database, login);
    try {
      await provision(admin, asked);
      return refusals;
    } catch (error) {
      assert.ok(isHubError(error, 'database.admin_right_missing'), String(error));
      assert.ok(!refusals.includes(error.message), `its statement did not mend: ${error.message}`);
      refusals.push(error.message);
      await server.run(asked.database, String(error.params.statement));
    }
  }
}

async function provisionElsewhere(asked: ProvisionOptions): Promise<void> {
  await server.run('postgres', 'create database elsewhere');
  await provision(await server.connect('elsewhere'), { ...asked, database: 'elsewhere' });
}
