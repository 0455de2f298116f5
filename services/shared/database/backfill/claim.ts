/** The claim on a backfill: held by a transaction that does nothing else, and gone with its connection. */
import { hubError } from '@quantum-hub/kernel';
import type { AdminSession } from '../migrations/owner-transaction.ts';

/** The first of the two numbers of the advisory lock; the second is made of the name. */
const claims = 7_000_102;

/**
 * Throws `database.backfill_running` when another process has the claim. A lock of a transaction, not of the session, because
 * that also holds behind poolers; the transaction reads nothing, so it does not hold back vacuum.
 */
export async function claim(session: AdminSession, name: string): Promise<AsyncDisposable> {
  await session.query('begin; set local idle_in_transaction_session_timeout = 0');
  const { rows } = await session.query(`select pg_try_advisory_xact_lock(${claims}, hashtext($1)) as held`, [
    name,
  ]);
  const release = async () => {
    await session.query('rollback').catch(() => {});
  };
  if (rows[0]?.held !== true) {
    await release();
    throw hubError('database.backfill_running', { name });
  }
  return { [Symbol.asyncDispose]: release };
}

/** The names among `names` that some process is working on now. */
export async function claimedNames(session: AdminSession, names: readonly string[]): Promise<Set<string>> {
  const { rows } = await session.query(
    `select name from unnest($1::text[]) name where exists (
       select from pg_locks where locktype = 'advisory' and granted and objsubid = 2 and classid = ${claims}
          and database = (select oid from pg_database where datname = current_database())
          and objid::bigint = hashtext(name)::bigint & 4294967295)`,
    [names],
  );
  return new Set(rows.map(({ name }) => String(name)));
}
