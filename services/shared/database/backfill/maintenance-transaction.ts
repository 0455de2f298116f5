import { inTransaction } from '../connection/in-transaction.ts';
import { lockTimeout } from '../connection/patience.ts';
import type { AdminSession } from '../migrations/owner-transaction.ts';
import { maintenanceRole } from '../provision/roles.ts';

/** Backfills act as maintenance: row security shows the owner of a table none of its rows, and would not say so. */
export async function asMaintenance<Result>(
  session: AdminSession,
  work: () => Promise<Result>,
): Promise<Result> {
  const opening = `begin; set local role ${maintenanceRole}; set local statement_timeout = 0; set local lock_timeout = '${lockTimeout}'`;
  return await inTransaction(session, opening, work);
}
