import {
  type CompiledQuery,
  ControlledTransaction,
  type DatabaseConnection,
  DefaultQueryExecutor,
  type Driver,
  type KyselyProps,
  PostgresAdapter,
  PostgresDialect,
  PostgresQueryCompiler,
  type QueryResult,
} from 'kysely';
import type { QueryResult as PgResult } from 'pg';

/** Sends one statement and waits for its rows. */
export type Send = (text: string, values: readonly unknown[]) => Promise<PgResult>;

const changing = new Set(['INSERT', 'UPDATE', 'DELETE', 'MERGE']);

let cursors = 0;

/** One transaction as Kysely sees it. Rows are streamed through a cursor of the server, which any pooler carries. */
class SendingConnection implements DatabaseConnection {
  readonly #send: Send;

  constructor(send: Send) {
    this.#send = send;
  }

  async executeQuery<Row>(query: CompiledQuery): Promise<QueryResult<Row>> {
    const { command, rowCount, rows } = await this.#send(query.sql, query.parameters);
    return {
      numAffectedRows: changing.has(command) ? BigInt(rowCount ?? 0) : undefined,
      rows: rows ?? [],
    };
  }

  async *streamQuery<Row>(query: CompiledQuery, chunkSize: number): AsyncIterableIterator<QueryResult<Row>> {
    cursors += 1;
    const cursor = `qhub_${cursors}`;
    await this.#send(`declare ${cursor} no scroll cursor for ${query.sql}`, query.parameters);
    for (;;) {
      const { rows } = await this.#send(`fetch ${Math.max(1, Math.trunc(chunkSize))} from ${cursor}`, []);
      if (rows.length > 0) yield { rows };
      if (rows.length < chunkSize) break;
    }
    await this.#send(`close ${cursor}`, []);
  }
}

function refused(): never {
  throw new TypeError('A unit of work commits and rolls back by itself; return from it, or throw.');
}

async function savepointCommand(
  connection: DatabaseConnection,
  command: string,
  name: string,
): Promise<void> {
  const sql = `${command} "${name.replaceAll('"', '""')}"`;
  await (connection as SendingConnection).executeQuery({ sql, parameters: [] } as unknown as CompiledQuery);
}

const driver: Driver = {
  init: async () => {},
  acquireConnection: async () => refused(),
  beginTransaction: async () => refused(),
  commitTransaction: async () => refused(),
  rollbackTransaction: async () => refused(),
  savepoint: (connection, name) => savepointCommand(connection, 'savepoint', name),
  rollbackToSavepoint: (connection, name) => savepointCommand(connection, 'rollback to savepoint', name),
  releaseSavepoint: (connection, name) => savepointCommand(connection, 'release savepoint', name),
  releaseConnection: async () => {},
  destroy: async () => {},
};

const compiler = new PostgresQueryCompiler();
const adapter = new PostgresAdapter();
const dialect = new PostgresDialect({ pool: async () => refused() });

/**
 * A Kysely whose statements all go through `send`, in a transaction that is open already. Made of Kysely's own parts
 * without its start-up: 3 objects instead of a driver, a pool and two promises for each unit of work.
 */
export function kyselyOver<Tables>(send: Send): ControlledTransaction<Tables> {
  const connection = new SendingConnection(send);
  const executor = new DefaultQueryExecutor(compiler, adapter, {
    provideConnection: (consumer) => consumer(connection),
  });
  const props = { config: { dialect }, dialect, driver, executor } as unknown as KyselyProps;
  return new ControlledTransaction<Tables>({ ...props, connection: { connection, release: () => {} } });
}
