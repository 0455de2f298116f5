import { setTimeout as delay } from 'node:timers/promises';
import { hubError } from '@quantum-hub/kernel';
import type { AdminConnection } from '../../connection/admin-connection.ts';
import type { ConnectionSettings } from '../../connection/client.ts';
import { inTransaction } from '../../connection/in-transaction.ts';
import { enter, quoted } from '../../setup/ensure-database.ts';

const service = 'qhub-db-backup';

/** PostgreSQL waits 5 s for the others to leave before it gives up. */
const attempts = 3;
const pauseMs = 50;

export interface Swap {
  /** The database whose name is taken; it may be missing. */
  readonly database: string;
  /** What it is called afterwards. */
  readonly kept: string;
  /** The one that takes the name. */
  readonly restored: string;
}

/**
 * Puts one database in the place of another: both renames are one transaction, so everybody sees the old one, then the new
 * one, whatever happens. Connections of the old one are closed. Throws `database.restore_swap_failed`, and both are as before.
 */
export async function swapDatabases(
  admin: ConnectionSettings,
  swap: Swap,
): Promise<{ kept: string | undefined }> {
  await using renaming = await enter(admin, service);
  await using closing = await enter(admin, service);
  const { database, kept, restored } = swap;
  const old = await exists(renaming, database);
  const renames = [
    ...(old ? [`alter database ${quoted(database)} rename to ${quoted(kept)}`] : []),
    `alter database ${quoted(restored)} rename to ${quoted(database)}`,
  ];
  for (let attempt = 1; ; attempt++) {
    try {
      await whileClosing(closing, [database, restored], () => applyTogether(renaming, renames));
      return { kept: old ? kept : undefined };
    } catch (error) {
      const busy = (error as { code?: string }).code === '55006';
      if (busy && attempt < attempts) continue;
      const reason = (error as Error).message;
      throw hubError('database.restore_swap_failed', { database, restored, reason }, { cause: error });
    }
  }
}

async function exists(admin: AdminConnection, database: string): Promise<boolean> {
  const { rows } = await admin.query('select from pg_database where datname = $1', [database]);
  return rows.length > 0;
}

async function applyTogether(admin: AdminConnection, statements: readonly string[]): Promise<void> {
  await inTransaction(
    admin,
    'begin; set local lock_timeout = 0; set local statement_timeout = 0',
    async () => {
      for (const statement of statements) await admin.query(statement);
    },
  );
}

/**
 * A rename first locks the database against newcomers and then waits for those inside: they are sent away until it is
 * through, because one may have come in just before.
 */
async function whileClosing(
  admin: AdminConnection,
  databases: readonly string[],
  work: () => Promise<void>,
): Promise<void> {
  let done = false;
  const working = work().finally(() => {
    done = true;
  });
  working.catch(() => {});
  try {
    while (!done) {
      await admin.query(
        'select pg_terminate_backend(pid) from pg_stat_activity where datname = any($1) and pid <> pg_backend_pid()',
        [databases],
      );
      await Promise.race([working.catch(() => {}), delay(pauseMs)]);
    }
  } finally {
    // What may not close connections still may find none: the rename says.
    await working;
  }
}
