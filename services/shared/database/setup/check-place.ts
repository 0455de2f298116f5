import { connectAdmin } from '../connection/admin-connection.ts';
import type { Difference } from '../migrations/catalog/compare.ts';
import { checkDatabase } from '../migrations/check/check-database.ts';
import { makeMigratedDatabase } from '../scratch/scratch-database.ts';
import { majorOf, startScratchServer } from '../scratch/scratch-server.ts';
import type { Step } from '../step.ts';
import type { DatabasePlace } from './database-place.ts';
import { requireMigrated } from './require-ready.ts';

export interface DriftReport {
  readonly differences: readonly Difference[];
  /** Where the scratch server is of another major than the database: definitions may be printed otherwise. */
  readonly note?: string;
}

export type Checking = {
  readonly onProgress?: (line: string) => void;
  /** Of the replay on the scratch server. */
  readonly onStep?: (step: Step) => void;
};

/** What separates a database from the migrations and these from the models. Throws `database.migrations_pending` where that is all. */
export async function checkPlace(
  place: DatabasePlace,
  service: string,
  { onProgress = () => {}, onStep }: Checking = {},
): Promise<DriftReport> {
  await using admin = await connectAdmin(place.admin, { service });
  await requireMigrated(admin);
  const major = await majorOf(admin);
  onProgress('Making a scratch database by all migrations.');
  await using server = await startScratchServer({ major });
  await using reference = await makeMigratedDatabase(server.place, { onStep });
  onProgress('Comparing.');
  const differences = await checkDatabase(admin, reference);
  if (server.note === undefined) return { differences };
  return { differences, note: `${server.note}; definitions may be printed otherwise` };
}
