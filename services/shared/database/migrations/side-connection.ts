/** A second connection beside a session, as the same login: for statements outside of transactions, and to see who blocks. */
import { setTimeout as delay } from 'node:timers/promises';
import { hubError } from '@quantum-hub/kernel';
import { Client } from 'pg';
import { AdminConnection } from '../connection/admin-connection.ts';
import { HubClient } from '../connection/client.ts';
import { ownerRole } from '../provision/roles.ts';
import type { AdminSession } from './owner-transaction.ts';

/** A number of our own: held by the backend that runs a statement outside of a transaction, for as long as it lives. */
const workerLock = 7_000_102;

export class SideConnection implements AsyncDisposable {
  readonly #client: Client;

  constructor(client: Client) {
    this.#client = client;
  }

  async query(
    text: string,
    values?: unknown[],
  ): Promise<{ rows: Record<string, unknown>[]; rowCount: number | null }> {
    return await this.#client.query(text, values);
  }

  /** False behind a pooler that gives each transaction another connection: what is set for a session is lost there. */
  async isDirect(): Promise<boolean> {
    const { rows } = await this.#client.query<{ pid: number }>('select pg_backend_pid() as pid');
    // A pooler tells each client a number of its own.
    return rows[0]?.pid === (this.#client as unknown as { processID: number }).processID;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#client.end();
  }
}

export async function openSideConnection(session: AdminSession): Promise<SideConnection> {
  const client = session instanceof AdminConnection ? session.client : session;
  if (!(client instanceof Client)) throw new TypeError('The session is no connection of node-postgres.');
  const { host, port, user, database, password, ssl } = client;
  const side = new HubClient({
    host,
    port,
    user,
    database,
    password: password ?? undefined,
    ssl,
    application_name: 'quantum-hub:migration',
    connectionTimeoutMillis: 10_000,
  });
  await side.connect();
  return new SideConnection(side);
}

/**
 * Makes statements outside of transactions run as the owner, without time limits, and after those of a runner that
 * died while its statement went on. Behind a pooler only a superuser can: there is no session to set a role for.
 */
export async function becomeOwner(side: SideConnection, onWait: () => void): Promise<void> {
  if (await side.isDirect()) {
    for (let attempt = 1; !(await tryLock(side)); attempt += 1) {
      if (attempt === 1) onWait();
      await delay(Math.random() * Math.min(400, 20 * 2 ** attempt));
    }
    await side.query(`set role ${ownerRole}; set statement_timeout = 0; set lock_timeout = 0`);
    return;
  }
  const { rows } = await side.query(
    `select rolsuper as super, rolname::text as login from pg_roles where rolname = current_user`,
  );
  if (rows[0]?.super === true) return;
  throw hubError('database.migration_needs_direct_connection', { login: String(rows[0]?.login) });
}

async function tryLock(side: SideConnection): Promise<boolean> {
  const { rows } = await side.query(`select pg_try_advisory_lock(${workerLock}) as ours`);
  return rows[0]?.ours === true;
}
