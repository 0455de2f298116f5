import { hubError } from '@quantum-hub/kernel';
import type { AdminConnection } from '../connection/admin-connection.ts';
import { pendingMigrations } from '../migrations/runner.ts';
import { verifyProvisioning } from '../provision/index.ts';

/** An empty database lacks everything: the first findings tell enough. */
const longestList = 3;

/** Throws `database.not_provisioned` where roles or rights are missing that the hub's logins need. */
export async function requireProvisioned(admin: AdminConnection, applicationLogin: string): Promise<void> {
  const { user, database } = admin.settings;
  const findings = await verifyProvisioning(admin, { applicationLogin, administrator: user });
  const faults = findings.filter(({ severity }) => severity === 'fault').map(({ sentence }) => sentence);
  if (faults.length === 0) return;
  const more = faults.length > longestList ? [`and ${faults.length - longestList} more`] : [];
  const missing = [...faults.slice(0, longestList), ...more].join('; ');
  throw hubError('database.not_provisioned', { database, missing });
}

/** Throws `database.migrations_pending` where the database is older than the code. */
export async function requireMigrated(admin: AdminConnection): Promise<void> {
  const pending = await pendingMigrations(admin);
  if (pending.length === 0) return;
  throw hubError('database.migrations_pending', { database: admin.settings.database, count: pending.length });
}
