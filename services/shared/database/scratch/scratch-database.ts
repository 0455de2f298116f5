/** Databases on a scratch server, each gone when it is disposed of. */
import { randomUUID } from 'node:crypto';
import { Client } from 'pg';
import { type MigrateOptions, migrateUp } from '../migrations/runner.ts';
import { provision } from '../provision/index.ts';
import { ownerRole } from '../provision/roles.ts';
import { identifier } from '../provision/sql-text.ts';
import type { ScratchPlace } from './scratch-server.ts';

export type ScratchAddress = ScratchPlace & { readonly database: string };

/** A database of its own, and a superuser's session in it. Dropped when disposed of. */
export class ScratchDatabase implements AsyncDisposable {
  readonly address: ScratchAddress;
  readonly session: Client;

  private constructor(address: ScratchAddress, session: Client) {
    this.address = address;
    this.session = session;
  }

  /** An empty one, without roles of the hub. */
  static async make(place: ScratchPlace, database = scratchName()): Promise<ScratchDatabase> {
    await onServer(place, `create database ${identifier(database)}`);
    const address = { ...place, database };
    const session = new Client(address);
    await session.connect();
    return new ScratchDatabase(address, session);
  }

  /** Leaves the database, so that it can be cloned. */
  async leave(): Promise<void> {
    await this.session.end();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.session.end();
    await dropDatabase(this.address);
  }
}

/** A provisioned database without migrations. */
export async function makeScratchDatabase(place: ScratchPlace): Promise<ScratchDatabase> {
  const scratch = await ScratchDatabase.make(place);
  // Nobody will ever use the login: it is one of the scratch server.
  const applicationLogin = { name: 'quantum_user', password: randomUUID() };
  await provision(scratch.session, { database: scratch.address.database, applicationLogin });
  return scratch;
}

/** The same with every migration, of the code unless others are given. */
export async function makeMigratedDatabase(
  place: ScratchPlace,
  options: Pick<MigrateOptions, 'migrations' | 'onStep'> = {},
): Promise<ScratchDatabase> {
  const scratch = await makeScratchDatabase(place);
  await migrateUp(scratch.session, options);
  return scratch;
}

/** A session whose statements act as the owner role, as migrations do. */
export class OwnerSession implements AsyncDisposable {
  readonly #client: Client;

  private constructor(client: Client) {
    this.#client = client;
  }

  static async open(place: ScratchPlace, database: string): Promise<OwnerSession> {
    const client = new Client({ ...place, database });
    await client.connect();
    await client.query(`set role ${ownerRole}`);
    return new OwnerSession(client);
  }

  async query(text: string): Promise<{ rows: Record<string, unknown>[] }> {
    return await this.#client.query(text);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#client.end();
  }
}

/** Makes a database like `template`, to which nobody is connected; drops it when disposed of. */
export async function cloneDatabase(
  place: ScratchPlace,
  template: string,
  purpose: string,
): Promise<AsyncDisposable & { readonly name: string }> {
  const name = `${template}_${purpose}_${randomUUID().slice(0, 8)}`;
  await onServer(place, `create database ${identifier(name)} template ${identifier(template)}`);
  // A clone comes without the rights on the database itself.
  await onServer(place, `grant create, temporary on database ${identifier(name)} to ${ownerRole}`);
  return { name, [Symbol.asyncDispose]: () => dropDatabase({ ...place, database: name }) };
}

/** Short, since the names of clones are longer, and PostgreSQL cuts names at 63 bytes. */
function scratchName(): string {
  return `scratch_${randomUUID().slice(0, 13).replace('-', '')}`;
}

async function dropDatabase({ database, ...place }: ScratchAddress): Promise<void> {
  await onServer(place, `drop database if exists ${identifier(database)} with (force)`);
}

async function onServer(place: ScratchPlace, sql: string): Promise<void> {
  const { host, port, user, password } = place;
  const root = new Client({ host, port, user, password, database: 'postgres' });
  await root.connect();
  try {
    await root.query(sql);
  } finally {
    await root.end();
  }
}
