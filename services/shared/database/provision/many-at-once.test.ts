import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import { type ProvisionOptions, provision } from './index.ts';
import { startTestServer, type TestServer } from './test-server.ts';

const count = 20;
const login = { user: 'dba', password: 'dba' };

let server: TestServer;
before(async () => {
  server = await startTestServer();
});
beforeEach(async () => {
  await server.forget();
  await server.run('postgres', "create role dba login password 'dba' createrole createdb");
});
after(async () => await server[Symbol.asyncDispose]());

async function databases(owner: string): Promise<string[]> {
  const names = Array.from({ length: count }, (_, index) => `hub_${index}`);
  for (const name of names) await server.run('postgres', `create database ${name} owner ${owner}`);
  return names;
}

/** Provisions all at once, each by a connection that is open before the first begins, and asserts that nothing is left. */
async function provisionAll(names: readonly string[], as?: typeof login): Promise<void> {
  const clients = await Promise.all(names.map(async (name) => await server.connect(name, as)));
  const options = (database: string): ProvisionOptions => ({
    database,
    applicationLogin: { name: 'quantum_user', password: 'quantum' },
    serviceLogins: [{ service: 'execution', name: `execution_of_${database}`, password: 'execution' }],
  });
  const results = await Promise.all(
    names.map(
      async (name, index) => await provision(clients[index] as (typeof clients)[number], options(name)),
    ),
  );
  const faults = results.flat().filter((finding) => finding.severity === 'fault');
  assert.deepEqual(faults, []);
}

describe('twenty provisionings at once', { concurrency: false }, () => {
  it('all succeed in twenty databases of one cluster that has no role yet, as a superuser', async () => {
    await provisionAll(await databases('postgres'));
  });

  it('all succeed in twenty databases of one cluster that has no role yet, as an administrator with CREATEROLE', async () => {
    await provisionAll(await databases('dba'), login);
  });

  it('all succeed in one database', async () => {
    await server.run('postgres', 'create database hub owner dba');
    await provisionAll(Array<string>(count).fill('hub'), login);
  });

  it('all succeed where the roles exist and every one of them must be repaired', async () => {
    const names = await databases('dba');
    await provisionAll(names.slice(0, 1), login);
    await server.run('postgres', 'alter role qhub_identity createdb inherit; alter role qhub_worker login');
    await provisionAll(names, login);
  });
});
