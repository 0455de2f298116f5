/** Scratch databases on a server that goes away: there migrations are tried, never on a live one. */
import { randomUUID } from 'node:crypto';
import { Client } from 'pg';
import type { Migration } from '../migrations/files.ts';
import { migrateUp } from '../migrations/runner.ts';
import { provision } from '../provision/index.ts';
import { createThrowawayServer, type ThrowawayServer } from '../server/index.ts';

/** What is needed of a server to make databases on it. */
export type ScratchServer = Pick<ThrowawayServer, 'host' | 'port' | 'adminUser' | 'adminPassword'>;

/** A provisioned database without migrations, and a superuser's session in it. Dropped when disposed. */
export class ScratchDatabase implements AsyncDisposable {
  readonly address: { host: string; port: number; user: string; password: string; database: string };
  readonly session: Client;

  constructor(address: ScratchDatabase['address'], session: Client) {
    this.address = address;
    this.session = session;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.session.end();
    await onServer({ ...this.address, database: 'postgres' }, (root) =>
      root.query(`drop database if exists ${this.address.database} with (force)`),
    );
  }
}

/** Starts a server of the installed programs' major; `version` is its own, such as `15.18`. */
export async function startScratchServer(): Promise<ThrowawayServer> {
  return await createThrowawayServer();
}

export async function makeScratchDatabase(server: ScratchServer): Promise<ScratchDatabase> {
  const name = `scratch_${randomUUID().replaceAll('-', '')}`;
  const { host, port, adminUser: user, adminPassword: password } = server;
  await onServer({ host, port, user, password, database: 'postgres' }, (root) =>
    root.query(`create database ${name}`),
  );
  const address = { host, port, user, password, database: name };
  const session = new Client(address);
  await session.connect();
  await provision(session, { database: name, applicationLogin: { name: 'quantum_user', password } });
  return new ScratchDatabase(address, session);
}

/** The same with every migration, of the code unless others are given. */
export async function makeMigratedDatabase(
  server: ScratchServer,
  migrations?: readonly Migration[],
): Promise<ScratchDatabase> {
  const scratch = await makeScratchDatabase(server);
  await migrateUp(scratch.session, { migrations });
  return scratch;
}

async function onServer(
  address: ScratchDatabase['address'],
  work: (root: Client) => Promise<unknown>,
): Promise<void> {
  const root = new Client(address);
  await root.connect();
  try {
    await work(root);
  } finally {
    await root.end();
  }
}
