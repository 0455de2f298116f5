import { isHubError } from '@quantum-hub/kernel';
import { type AdminConnection, connectAdmin } from '../connection/admin-connection.ts';
import type { MigrationState } from '../migrations/history.ts';
import { baseline, migrationStates, resolveApplied, resolveRolledBack } from '../migrations/resolve.ts';
import { type MigrateOptions, migrateDown, migrateUp, pendingMigrations } from '../migrations/runner.ts';
import { createPartitions } from '../partitions/create-partitions.ts';
import type { DatabasePlace } from './database-place.ts';
import { provisionPlace } from './prepare-place.ts';
import { loadReferenceData } from './reference-data.ts';
import { requireProvisioned } from './require-ready.ts';

export interface Migrated {
  /** Applied now, in order. */
  readonly migrations: readonly string[];
  readonly partitions: readonly string[];
}

/**
 * Brings a database up to the code: the database itself and its roles where they are missing, pending migrations, then
 * the partitions and the reference data that the tables need before they take rows, once no migration is pending.
 */
export async function migratePlace(
  place: DatabasePlace,
  service: string,
  options: MigrateOptions = {},
): Promise<Migrated> {
  if (!(await isProvisioned(place, service))) await provisionPlace(place, { service });
  await using admin = await connectAdmin(place.admin, { service });
  const migrations = await migrateUp(admin, options);
  if ((await pendingMigrations(admin)).length > 0) return { migrations, partitions: [] };
  const partitions = await createPartitions(admin);
  await loadReferenceData(admin);
  return { migrations, partitions };
}

/** Takes migrations back, newest first, and gives their names. */
export async function migratePlaceDown(
  place: DatabasePlace,
  service: string,
  options: Parameters<typeof migrateDown>[1],
): Promise<string[]> {
  return await asAdmin(place, service, (admin) => migrateDown(admin, options));
}

/** Each migration of the code and of the database with its state; changes nothing. */
export async function migrationStatesAt(place: DatabasePlace, service: string): Promise<MigrationState[]> {
  return await asAdmin(place, service, (admin) => migrationStates(admin));
}

export type Repair =
  | { readonly applied: string }
  | { readonly rolledBack: string }
  | { readonly baseline: string };

/** Corrects what is recorded of migrations, and gives the names concerned; runs none of them. */
export async function repairMigrations(
  place: DatabasePlace,
  service: string,
  repair: Repair,
): Promise<string[]> {
  return await asAdmin(place, service, async (admin) => {
    if ('baseline' in repair) return await baseline(admin, repair.baseline);
    if ('applied' in repair) await resolveApplied(admin, repair.applied);
    else await resolveRolledBack(admin, repair.rolledBack);
    return ['applied' in repair ? repair.applied : repair.rolledBack];
  });
}

async function asAdmin<Result>(
  place: DatabasePlace,
  service: string,
  work: (admin: AdminConnection) => Promise<Result>,
): Promise<Result> {
  await using admin = await connectAdmin(place.admin, { service });
  return await work(admin);
}

async function isProvisioned(place: DatabasePlace, service: string): Promise<boolean> {
  try {
    await asAdmin(place, service, (admin) => requireProvisioned(admin, place.describe().user));
    return true;
  } catch (error) {
    if (isHubError(error, 'database.not_provisioned') || isHubError(error, 'database.unknown_database')) {
      return false;
    }
    throw error;
  }
}
