import { hubError } from '@quantum-hub/kernel';
import type { AsyncSession } from './connection/async-session.ts';
import { Database, type DatabaseOptions } from './connection/database.ts';
import type { Scope } from './connection/opening.ts';
import type { Session } from './connection/session.ts';
import type { HubTables } from './models/tables.ts';
import type { ActingName } from './provision/roles.ts';

export type { ConnectionSettings } from './connection/client.ts';
export { Database } from './connection/database.ts';
export { DirectConnection, type DirectOptions } from './connection/direct-connection.ts';
export type { Health } from './connection/health.ts';
export type { Isolation, Scope } from './connection/opening.ts';
export type { PoolFigures } from './connection/pool.ts';
export type { Rows } from './connection/session.ts';
export type { SlowStatement } from './connection/slow-log.ts';

/** The session of a unit of work: `em`, `kysely` and `query`. */
export type Db = Session<HubTables>;
/** The same with `commit()`, for `await using`. */
export type AsyncDb = AsyncSession<HubTables>;

let current: Database<HubTables> | undefined;

export interface OpenOptions extends DatabaseOptions {
  /** Roles this process works as: each is tried, and an unsafe or missing one is refused before any work begins. */
  readonly roles?: readonly ActingName[];
}

/** Opens the database of this process, once, where the process is composed. Close what comes back last. */
export async function openDatabase({ roles = [], ...options }: OpenOptions): Promise<Database<HubTables>> {
  if (current) throw hubError('database.already_open');
  const database = new ProcessDatabase(options);
  current = database;
  try {
    await database.checkRoles(roles);
    return database;
  } catch (error) {
    await database.close();
    throw error;
  }
}

class ProcessDatabase extends Database<HubTables> {
  override async close(options?: { deadlineMs?: number }): Promise<void> {
    await super.close(options);
    if (current === this) current = undefined;
  }
}

function opened(): Database<HubTables> {
  if (!current) throw hubError('database.not_open');
  return current;
}

/**
 * Runs `work` in one transaction with a fresh session, commits and returns its result, or rolls back and throws. After a
 * serialization failure or a deadlock the whole work runs again (5 times at most), and where the pool's connection turns out to be
 * dead: it must not do anything outside the database. Errors are `HubError`s; none holds a value of a row.
 */
export async function getDb<Result>(work: (db: Db) => Promise<Result>, scope: Scope): Promise<Result> {
  return await opened().getDb(work, scope);
}

/** `await using db = await getAsyncDb(scope)`, then `await db.commit()`; without it everything is rolled back. */
export async function getAsyncDb(scope: Scope): Promise<AsyncDb> {
  return await opened().getAsyncDb(scope);
}
