/** Scratch databases on a throw-away server: what migrations and models make is looked at there, never on a live one. */
import { randomUUID } from 'node:crypto';
import { type EntitySchema, MikroORM, SqlSchemaGenerator } from '@mikro-orm/postgresql';
import { Client } from 'pg';
import { ormOptions } from '../../models/orm-options.ts';
import { ownerRole } from '../../provision/roles.ts';
import { type Catalog, readCatalog } from './catalog.ts';
import { quote } from './change.ts';

/** A server on which databases may come and go, with a superuser's login. */
export type ScratchServer = {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
};

/** A session whose statements act as the owner role, as migrations do. */
export class ScratchSession implements AsyncDisposable {
  readonly #client: Client;

  private constructor(client: Client) {
    this.#client = client;
  }

  static async open(server: ScratchServer, database: string): Promise<ScratchSession> {
    const client = new Client({ ...server, database });
    await client.connect();
    await client.query(`set role ${ownerRole}`);
    return new ScratchSession(client);
  }

  async query(text: string): Promise<{ rows: Record<string, unknown>[] }> {
    return await this.#client.query(text);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#client.end();
  }
}

/** Makes a database like `template`, to which nobody is connected; drops it when disposed. */
export async function cloneDatabase(
  server: ScratchServer,
  template: string,
  purpose: string,
): Promise<AsyncDisposable & { readonly name: string }> {
  const name = `${template}_${purpose}_${randomUUID().slice(0, 8)}`;
  const run = async (sql: string) => {
    const root = new Client({ ...server, database: 'postgres' });
    await root.connect();
    try {
      await root.query(sql);
    } finally {
      await root.end();
    }
  };
  await run(`create database ${quote(name)} template ${quote(template)}`);
  // A clone comes without the rights on the database itself.
  await run(`grant create, temporary on database ${quote(name)} to ${ownerRole}`);
  return {
    name,
    [Symbol.asyncDispose]: () => run(`drop database if exists ${quote(name)} with (force)`),
  };
}

/**
 * What the models say, as PostgreSQL understands it: in a transaction that is rolled back, MikroORM makes their tables
 * beside the migrations' functions. So both sides of a comparison are printed by the same server.
 */
export async function modelsCatalog(
  session: ScratchSession,
  before: Catalog,
  entities: readonly EntitySchema[],
): Promise<Catalog> {
  const sql = await createModelsSql(entities);
  await session.query('begin');
  try {
    return await makeModels(session, before, sql);
  } finally {
    await session.query('rollback');
  }
}

async function makeModels(session: ScratchSession, before: Catalog, sql: string): Promise<Catalog> {
  const tables = [...before.tables.values()].map(({ schema, name }) => quote(schema, name));
  // Views and the like that are written by hand may hang on them; this is a scratch database.
  if (tables.length > 0) await session.query(`drop table ${tables.join(', ')} cascade`);
  await session.query(sql);
  const models = await readCatalog(session);
  const used = new Set([...models.tables.values()].map(({ schema }) => schema));
  const held = new Set([...before.tables.values()].map(({ schema }) => schema));
  const { rows } = await session.query(`
    select nspname as name from pg_namespace n
     where not exists (select from pg_class where relnamespace = n.oid) and not exists (select from pg_proc where pronamespace = n.oid)`);
  const empty = new Set(rows.map(({ name }) => String(name)));
  // A schema whose last table went goes too, unless something else is in it.
  const schemas = [...models.schemas].filter((name) => used.has(name) || !held.has(name) || !empty.has(name));
  return { ...models, schemas: new Set(schemas) };
}

async function createModelsSql(entities: readonly EntitySchema[]): Promise<string> {
  const orm = new MikroORM({ ...ormOptions, entities: [...entities], dbName: 'none' });
  try {
    const generator = new SqlSchemaGenerator(orm.em);
    // The SQL for an empty database: nothing is asked, so there is nothing to connect to.
    generator.ensureDatabase = async () => true;
    return await generator.getCreateSchemaSQL({ wrap: false });
  } finally {
    await orm.close();
  }
}
