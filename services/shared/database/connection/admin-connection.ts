import type { Client, QueryConfig } from 'pg';
import { type ConnectionSettings, factsOf, newClient } from './client.ts';
import { connectError } from './client-errors.ts';
import { factsOfError, PostgresFault } from './postgres-fault.ts';
import type { Rows } from './session.ts';
import { isConnectionLost, statementError } from './statement-errors.ts';

export interface AdminOptions {
  /** The command, for `quantum-hub:<service>` as the connection's name on the server. */
  readonly service: string;
  /** Default 15 s. */
  readonly connectTimeoutMs?: number;
}

/** More than a request of the hub waits: what an administrator does takes minutes, and a machine busy with it answers late. */
const defaultConnectTimeoutMs = 15_000;

/**
 * One connection outside of any pool, without role or transaction: for provisioning, migrations and backups, which need
 * to hold locks on one session. Statements without values may be several at once.
 */
export class AdminConnection implements AsyncDisposable {
  readonly settings: ConnectionSettings;
  readonly #client: Client;

  constructor(settings: ConnectionSettings, client: Client) {
    this.settings = settings;
    this.#client = client;
  }

  /** The client of node-postgres, for what needs its events (notices, notifications). */
  get client(): Client {
    return this.#client;
  }

  /** Throws node-postgres' error as it is, since provisioning and migrations decide by it; a lost connection is clear. */
  async query<Row = Record<string, unknown>>(text: string, values?: readonly unknown[]): Promise<Rows<Row>> {
    try {
      const result = await this.#client.query({ text, values: values as unknown[] } as QueryConfig);
      const last = Array.isArray(result) ? result.at(-1) : result;
      return { rows: last.rows, rowCount: last.rowCount ?? 0 };
    } catch (error) {
      const facts = factsOfError(factsOf(this.#client).error ?? error);
      throw facts && isConnectionLost(facts) ? statementError(new PostgresFault(facts), {}) : error;
    }
  }

  async close(): Promise<void> {
    await this.#client.end();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}

/** Connects once, with a time limit and clear errors. */
export async function connectAdmin(
  settings: ConnectionSettings,
  options: AdminOptions,
): Promise<AdminConnection> {
  const { service, connectTimeoutMs = defaultConnectTimeoutMs } = options;
  const client = newClient(settings, `quantum-hub:${service}`, connectTimeoutMs);
  try {
    await client.connect();
  } catch (error) {
    throw connectError(error, settings);
  }
  return new AdminConnection(settings, client);
}
