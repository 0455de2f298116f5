import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type pg from 'pg';
import { type ProvisionOptions, provision, provisioningSql, verifyProvisioning } from './index.ts';
import { roleNames } from './roles.ts';
import { startTestServer, type TestServer } from './test-server.ts';

const count = 20;
const databaseNames = Array.from({ length: count }, (_, index) => `hub_${index}`);
const login = { user: 'dba', password: 'dba' };

let server: TestServer;
before(async () => {
  server = await startTestServer();
});
after(async () => await server[Symbol.asyncDispose]());

/** Twenty databases in a cluster that has none of the hub's roles. */
async function freshDatabases(): Promise<string[]> {
  await server.forget();
  await server.run('postgres', "create role dba login password 'dba' createrole createdb");
  for (const name of databaseNames) await server.run('postgres', `create database ${name} owner dba`);
  return databaseNames;
}

const optionsFor = (database: string): ProvisionOptions => ({
  database,
  applicationLogin: { name: 'quantum_user', password: 'quantum' },
  serviceLogins: [{ service: 'execution', name: `execution_of_${database}`, password: 'execution' }],
});

type Work = (client: pg.Client, options: ProvisionOptions) => Promise<unknown>;

/** Does the work in all databases at once, on connections that are open before the first begins; all must come to be right. */
async function provisionAll(
  names: readonly string[],
  as: typeof login | undefined,
  work: Work = provision,
): Promise<void> {
  const jobs: (() => Promise<unknown>)[] = [];
  for (const name of names) {
    const client = await server.connect(name, as);
    jobs.push(async () => {
      await work(client, optionsFor(name));
      const { applicationLogin, serviceLogins } = optionsFor(name);
      const findings = await verifyProvisioning(client, {
        applicationLogin: applicationLogin.name,
        serviceLogins,
      });
      assert.deepEqual(
        findings.filter((finding) => finding.severity === 'fault'),
        [],
      );
    });
  }
  await Promise.all(jobs.map(async (job) => await job()));
}

describe('twenty provisionings at once', () => {
  it('all succeed in twenty databases of one cluster that has no role yet, as a superuser', async () => {
    await provisionAll(await freshDatabases(), undefined);
  });

  it('all succeed in twenty databases of one cluster that has no role yet, as an administrator with CREATEROLE', async () => {
    await provisionAll(await freshDatabases(), login);
  });

  it('wait for each other even when run by hand, without retries, where every role must be repaired', async () => {
    await provision(await server.connect('hub_0', login), optionsFor('hub_0'));
    const spoil = roleNames.map((role) => `alter role ${role} createrole inherit`);
    await server.run('postgres', spoil.join(';'));
    await provisionAll(
      databaseNames,
      login,
      async (client, options) => await client.query(provisioningSql(options)),
    );
  });

  it('all succeed in one database', async () => {
    await server.forget();
    await server.run('postgres', "create role dba login password 'dba' createrole");
    await server.run('postgres', 'create database hub owner dba');
    await provisionAll(Array<string>(count).fill('hub'), login);
  });
});
