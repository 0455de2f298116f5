/**
 * One PostgreSQL for a whole run of tests. The runner's global setup starts it and tells its address by
 * the environment; a file that is run alone starts one for itself.
 */
import { dirname } from 'node:path';
import { Client } from 'pg';
import { createThrowawayServer, type ThrowawayServer } from '../server/index.ts';
import { prepareDatabase } from '../setup/prepare-database.ts';

export type TestServer = { readonly host: string; readonly port: number; readonly adminPassword: string };

export const applicationLogin = { name: 'quantum_user', password: 'quantum-test-password' };
export const templateName = 'qhub_template';
export const adminUser = 'postgres';

const variable = 'QHUB_TEST_SERVER';

/** A throwaway server of the major under test: `QHUB_TEST_PG_BIN` names the `native/bin` of another one. */
export async function startTestServer(): Promise<ThrowawayServer> {
  const bin = process.env.QHUB_TEST_PG_BIN;
  return await createThrowawayServer({
    ...(bin && { binaries: dirname(dirname(bin)) }),
    settings: { max_connections: '200' },
  });
}

/** Starts the server of the run, prepares the template that tests clone, and tells the test files about it. */
export async function startSharedServer(): Promise<ThrowawayServer> {
  const server = await startTestServer();
  await makeTemplate(server);
  process.env[variable] = JSON.stringify({
    host: server.host,
    port: server.port,
    adminPassword: server.adminPassword,
  } satisfies TestServer);
  return server;
}

let own: Promise<ThrowawayServer> | undefined;

/** The server of the run. A server started here goes away with this process. */
export async function testServer(): Promise<TestServer> {
  const told = process.env[variable];
  if (told !== undefined) return JSON.parse(told) as TestServer;
  own ??= startSharedServer();
  return await own;
}

/**
 * For a file whose tests need roles, sessions and databases of the whole cluster to be their own: to be called before the
 * first test database is made. Everything of the file then lies on a server that nobody else uses.
 */
export function useOwnServer(): void {
  delete process.env[variable];
}

export async function connectAsAdmin(server: TestServer, database: string): Promise<Client> {
  const { host, port, adminPassword } = server;
  const client = new Client({ host, port, user: adminUser, password: adminPassword, database });
  await client.connect();
  return client;
}

async function makeTemplate(server: TestServer): Promise<void> {
  const root = await connectAsAdmin(server, 'postgres');
  await root.query(`create database ${templateName}`);
  await root.end();
  const client = await connectAsAdmin(server, templateName);
  await prepareDatabase(client, { database: templateName, applicationLogin });
  await client.end();
}
