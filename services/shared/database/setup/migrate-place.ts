import { connectAdmin } from '../connection/admin-connection.ts';
import { migrateUp } from '../migrations/runner.ts';
import { createPartitions } from '../partitions/create-partitions.ts';
import type { DatabasePlace } from './database-place.ts';
import { loadReferenceData } from './reference-data.ts';
import { requireMigrated, requireProvisioned } from './require-ready.ts';

export interface Migrated {
  /** Applied now, in order. */
  readonly migrations: readonly string[];
  readonly partitions: readonly string[];
}

/**
 * Brings a provisioned database up to the code: pending migrations, then the partitions and the reference data that
 * the migrated tables need before they take rows.
 */
export async function migratePlace(
  place: DatabasePlace,
  service: string,
  onApplied: (name: string, durationMs: number) => void = () => {},
): Promise<Migrated> {
  await using admin = await connectAdmin(place.admin, { service });
  await requireProvisioned(admin, place.describe().user);
  const migrations = await migrateUp(admin, { onApplied });
  const partitions = await createPartitions(admin);
  await loadReferenceData(admin);
  return { migrations, partitions };
}

/** Makes the partitions up to `monthsAhead` months from now, of a database that has every migration. */
export async function createPartitionsAt(
  place: DatabasePlace,
  service: string,
  monthsAhead?: number,
): Promise<readonly string[]> {
  await using admin = await connectAdmin(place.admin, { service });
  await requireMigrated(admin);
  return await createPartitions(admin, { monthsAhead });
}
