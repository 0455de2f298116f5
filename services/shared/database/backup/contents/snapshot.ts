import { setTimeout as delay } from 'node:timers/promises';
import type { AdminConnection } from '../../connection/admin-connection.ts';
import type { Reader } from './reader.ts';
import { readTableNames } from './tables.ts';

/** How long a backup waits for a lock that a migration holds, before it gives up. */
export const lockTimeoutMs = 60_000;

/**
 * One moment of the database, to which pg_dump and our own reading both hold: a transaction whose snapshot others can
 * take. The tables are locked against changes of their form; writers are held up by nothing.
 */
export interface Snapshot extends AsyncDisposable {
  /** For `pg_dump --snapshot`. */
  readonly id: string;
  readonly takenAt: Date;
  readonly tables: readonly string[];
}

/** Values print alike whatever the server's settings are, because digests are taken of their texts. */
const fixed = `set local statement_timeout = 0; set local idle_in_transaction_session_timeout = 0;
  set local lock_timeout = ${lockTimeoutMs}; set local search_path = ''; set local timezone = 'UTC';
  set local datestyle = 'ISO, YMD'; set local intervalstyle = 'postgres'; set local extra_float_digits = 1;
  set local bytea_output = 'hex'; set local xmlbinary = 'base64'; set local lc_monetary = 'C'`;

/** Opens it on a session of its own, which must do nothing else until it is disposed. */
export async function openSnapshot(admin: AdminConnection, reader: Reader): Promise<Snapshot> {
  await admin.query(`begin transaction isolation level repeatable read read only; ${fixed};
    ${reader.role ? `set local role ${reader.role};` : ''}
    set local row_security = ${reader.rowSecurity === 'policies' ? 'on' : 'off'}`);
  try {
    const { rows } = await admin.query<{ id: string; taken: Date }>(
      'select pg_export_snapshot() as id, transaction_timestamp() as taken',
    );
    const [facts] = rows as [{ id: string; taken: Date }];
    const tables = await readTableNames(admin);
    if (tables.length > 0) await admin.query(`lock table ${tables.join(', ')} in access share mode`);
    return {
      id: facts.id,
      takenAt: facts.taken,
      tables,
      [Symbol.asyncDispose]: () => end(admin),
    };
  } catch (error) {
    await end(admin);
    throw error;
  }
}

async function end(admin: AdminConnection): Promise<void> {
  // A session that hangs must not hold up the telling of what went wrong; closing it ends the transaction too.
  await Promise.race([admin.query('rollback').catch(() => {}), delay(5000, undefined, { ref: false })]);
}
