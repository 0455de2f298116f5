/** The way of a detached partition into the schema archive. */

import { lockTimeout } from '../connection/patience.ts';
import { type AdminSession, inOwnersTransaction } from '../migrations/owner-transaction.ts';
import { partitionedTables } from './months.ts';

/**
 * In a transaction of the owner: removes the foreign key to jobs and moves the table. It keeps its owner and the backup's
 * right to read; no other role may use the schema. Dropping the key locks jobs for a moment, so the wait for it is short.
 */
export async function archiveDetached(session: AdminSession, name: string): Promise<void> {
  await session.query(`set local lock_timeout = '${lockTimeout}'`);
  const { rows } = await session.query(
    `select quote_ident(conname) as key from pg_constraint
      where conrelid = $1::regclass and contype = 'f' and confrelid = 'execution.jobs'::regclass and conparentid = 0`,
    [`execution.${name}`],
  );
  const drops = rows.map(({ key }) => `drop constraint ${key}`);
  if (drops.length > 0) await session.query(`alter table execution.${name} ${drops.join(', ')}`);
  await session.query(`alter table execution.${name} set schema archive`);
}

/** Moves what an earlier run had detached when it was cut off. Partitions are made and attached in one step: what is not attached was. */
export async function archiveLeftBehind(
  session: AdminSession,
  onArchived: (name: string) => void,
): Promise<void> {
  const { rows } = await session.query(
    `select relname as name from pg_class
      where relnamespace = 'execution'::regnamespace and relkind = 'r' and not relispartition and relname ~ $1
      order by relname`,
    [`^(${partitionedTables.join('|')})_(before_)?\\d{4}_\\d{2}$`],
  );
  for (const { name } of rows) {
    await inOwnersTransaction(session, () => archiveDetached(session, String(name)));
    onArchived(String(name));
  }
}
