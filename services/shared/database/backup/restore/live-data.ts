import { isHubError } from '@quantum-hub/kernel';
import { type AdminConnection, connectAdmin } from '../../connection/admin-connection.ts';
import type { ConnectionSettings } from '../../connection/client.ts';
import { findReader } from '../contents/reader.ts';
import { openSnapshot } from '../contents/snapshot.ts';

export type TargetState = 'missing' | 'empty' | 'filled';

/** What set-up itself writes is nobody's data: the bookkeeping in `hub`, and the platforms that every hub knows. */
const madeBySetUp = /^(hub\.|execution\.platforms$)/;

/** Whether a database is there, and whether somebody's rows are in it. */
export async function stateOfTarget(settings: ConnectionSettings): Promise<TargetState> {
  try {
    await using admin = await connectAdmin(settings, { service: 'qhub-db-backup' });
    return (await holdsRows(admin)) ? 'filled' : 'empty';
  } catch (error) {
    if (isHubError(error, 'database.unknown_database')) return 'missing';
    throw error;
  }
}

async function holdsRows(admin: AdminConnection): Promise<boolean> {
  const reader = await findReader(admin).catch((error) => {
    // Before provisioning there is no role to read with; what is there then is not the hub's.
    if (isHubError(error, 'database.not_provisioned')) return { rowSecurity: 'bypassed' } as const;
    throw error;
  });
  await using snapshot = await openSnapshot(admin, reader);
  for (const name of snapshot.tables.filter((table) => !madeBySetUp.test(table))) {
    const { rows } = await admin.query<{ some: boolean }>(`select exists (select from only ${name}) as some`);
    if (rows[0]?.some) return true;
  }
  return false;
}
