/** Whatever changes the schema runs in a transaction of this kind: as the owner role, one at a time. */
import { ownerRole } from '../provision/roles.ts';

/** One session, in no transaction, of a login that may act as the owner. */
export type AdminSession = {
  query(text: string, values?: unknown[]): Promise<{ rows: Record<string, unknown>[] }>;
};

/** A number of our own among the advisory locks of the database. */
const schemaLock = 7_000_100;

/**
 * The lock belongs to the transaction: it works behind poolers and goes with the connection.
 * A change may take as long as it takes, but waits for a table's lock only briefly: others queue up behind it.
 */
export async function inOwnersTransaction<T>(session: AdminSession, work: () => Promise<T>): Promise<T> {
  await session.query(
    `begin; set local role ${ownerRole}; set local statement_timeout = 0; set local lock_timeout = 0;` +
      `select pg_advisory_xact_lock(${schemaLock}); set local lock_timeout = '10s'`,
  );
  try {
    const result = await work();
    await session.query('commit');
    return result;
  } catch (error) {
    await session.query('rollback').catch(() => {});
    throw error;
  }
}
