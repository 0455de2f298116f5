/** Whatever changes the schema runs in a transaction of this kind: as the owner role, one at a time. */

import { setTimeout as delay } from 'node:timers/promises';
import { hubError } from '@quantum-hub/kernel';
import { committing } from '../connection/in-transaction.ts';
import { ownerRole } from '../provision/roles.ts';

/** One session, in no transaction, of a login that may act as the owner. */
export type AdminSession = {
  query(text: string, values?: unknown[]): Promise<{ rows: Record<string, unknown>[] }>;
};

export type OwnerTransactionOptions = {
  /** How long a statement may wait for a table's lock: others queue up behind it. Default 10 s. */
  readonly lockTimeoutMs?: number;
  /** Called once, when another runner is at work. */
  readonly onWait?: () => void;
};

/** A number of our own among the advisory locks of the database. */
export const schemaLock = 7_000_100;

const longestPauseMs = 400;

/**
 * The lock belongs to the transaction: it works behind poolers and goes with the connection. It is asked for again and
 * again instead of waited for: whoever waits inside a statement keeps a snapshot, for which `create index concurrently`
 * of the lock's holder would wait in turn, for ever; and holds one of a pooler's few connections.
 */
export async function inOwnersTransaction<T>(
  session: AdminSession,
  work: () => Promise<T>,
  { lockTimeoutMs = 10_000, onWait = () => {} }: OwnerTransactionOptions = {},
): Promise<T> {
  for (let attempt = 1; !(await begin(session, lockTimeoutMs)); attempt += 1) {
    if (attempt === 1) onWait();
    await delay(Math.random() * Math.min(longestPauseMs, 20 * 2 ** attempt));
  }
  return await committing(session, work);
}

/** A transaction as the owner that takes no lock: to look. */
export async function asOwner<T>(session: AdminSession, work: () => Promise<T>): Promise<T> {
  await enter(session, 'begin read only');
  try {
    return await work();
  } finally {
    await session.query('rollback').catch(() => {});
  }
}

/** Says whether the transaction is ours; if not, it has ended again. */
async function begin(session: AdminSession, lockTimeoutMs: number): Promise<boolean> {
  await enter(session, 'begin', lockTimeoutMs);
  const { rows } = await session.query(`select pg_try_advisory_xact_lock(${schemaLock}) as ours`);
  if (rows[0]?.ours === true) return true;
  await session.query('rollback');
  return false;
}

async function enter(session: AdminSession, begin: string, lockTimeoutMs = 0): Promise<void> {
  try {
    await session.query(
      `${begin}; set local role ${ownerRole}; set local statement_timeout = 0;` +
        `set local idle_in_transaction_session_timeout = 0; set local lock_timeout = ${lockTimeoutMs}`,
    );
  } catch (error) {
    await session.query('rollback').catch(() => {});
    throw await explained(session, error);
  }
}

async function explained(session: AdminSession, error: unknown): Promise<unknown> {
  const { code } = error as { code?: string };
  if (code !== '42501' && code !== '22023') return error;
  const { rows } = await session.query('select session_user::text as login, current_database() as database');
  const { login, database } = rows[0] as { login: string; database: string };
  if (code === '22023') {
    return hubError(
      'database.not_provisioned',
      { database, missing: `the role ${ownerRole}` },
      { cause: error },
    );
  }
  const right = `the right to act as ${ownerRole}, as whom migrations are applied`;
  const statement = `grant ${ownerRole} to "${login}"`;
  return hubError('database.admin_right_missing', { login, right, statement }, { cause: error });
}
