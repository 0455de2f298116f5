import { connectAdmin } from '../connection/admin-connection.ts';
import type { Difference } from '../migrations/catalog/compare.ts';
import { checkDatabase } from '../migrations/check/check-database.ts';
import type { DatabasePlace } from './database-place.ts';
import { requireMigrated } from './require-ready.ts';
import { makeMigratedDatabase, startScratchServer } from './scratch-database.ts';

export interface DriftReport {
  readonly differences: readonly Difference[];
  /** Where the scratch server is of another major than the database: definitions may be printed otherwise. */
  readonly note?: string;
}

/** What separates a database from the migrations and these from the models. Throws `database.migrations_pending` where that is all. */
export async function checkPlace(
  place: DatabasePlace,
  service: string,
  onProgress: (line: string) => void = () => {},
): Promise<DriftReport> {
  await using admin = await connectAdmin(place.admin, { service });
  await requireMigrated(admin);
  const { rows } = await admin.query(`select split_part(current_setting('server_version'), '.', 1) as major`);
  onProgress('Making a scratch database by all migrations.');
  await using server = await startScratchServer();
  await using reference = await makeMigratedDatabase(server);
  onProgress('Comparing.');
  const differences = await checkDatabase(admin, reference);
  const [own, live] = [server.version.split('.')[0], String(rows[0]?.major)];
  if (own === live) return { differences };
  const note = `compared with PostgreSQL ${own}, the installed programs' major, and the database is of ${live}: definitions may be printed otherwise`;
  return { differences, note };
}
