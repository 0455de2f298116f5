import { resolve } from 'node:path';
import pg from 'pg';
import type { Settings } from '../server/settings.ts';
import { createThrowawayServer } from '../server/throwaway.ts';

/**
 * A server for the tests of this folder: roles are shared by all databases of a cluster, so these tests can't borrow one.
 * `QHUB_TEST_PG_BIN` names the `native/bin` folder of another major.
 */
export class TestServer implements AsyncDisposable {
  readonly #server: Awaited<ReturnType<typeof createThrowawayServer>>;
  readonly #clients: pg.Client[] = [];

  constructor(server: Awaited<ReturnType<typeof createThrowawayServer>>) {
    this.#server = server;
  }

  get logFile(): string {
    return this.#server.logFile;
  }

  /** The environment that `psql` connects with as the superuser. */
  get psqlEnvironment(): Record<string, string> {
    const { host, port, adminUser, adminPassword } = this.#server;
    return { PGHOST: host, PGPORT: String(port), PGUSER: adminUser, PGPASSWORD: adminPassword };
  }

  /** A connection that ends with the server; as the superuser unless a login is named. */
  async connect(database: string, login?: { user: string; password: string }): Promise<pg.Client> {
    const { host, port, adminUser, adminPassword } = this.#server;
    const client = new pg.Client({
      host,
      port,
      database,
      ...(login ?? { user: adminUser, password: adminPassword }),
    });
    this.#clients.push(client);
    await client.connect();
    return client;
  }

  /** Runs one statement as the superuser. */
  async run(database: string, sql: string): Promise<Record<string, unknown>[]> {
    const client = await this.connect(database);
    try {
      return (await client.query(sql)).rows;
    } finally {
      await client.end();
    }
  }

  /** Drops every database and role that is not PostgreSQL's own. */
  async forget(): Promise<void> {
    await Promise.all(this.#clients.splice(0).map((client) => client.end().catch(() => undefined)));
    const statements = await this.run(
      'postgres',
      `select format('drop database %I with (force)', datname) as sql
       from pg_database where datname <> 'postgres' and not datistemplate
       union all
       select 'drop role ' || string_agg(quote_ident(rolname), ', ')
       from pg_roles where rolname <> current_user and not starts_with(rolname, 'pg_')`,
    );
    for (const { sql } of statements) if (sql !== null) await this.run('postgres', String(sql));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#clients.map((client) => client.end().catch(() => undefined)));
    await this.#server.stop();
  }
}

export async function startTestServer(settings: Settings = {}): Promise<TestServer> {
  const bin = process.env.QHUB_TEST_PG_BIN;
  const binaries = bin === undefined ? undefined : resolve(bin, '../..');
  return new TestServer(await createThrowawayServer({ binaries, settings }));
}
