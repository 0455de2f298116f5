import { compareInventories } from '../migrations/catalog/compare.ts';
import { readInventory } from '../migrations/catalog/inventory.ts';
import { modelDifferences } from '../migrations/check/model-differences.ts';
import { type Migration, readMigrations } from '../migrations/files.ts';
import { schemaDumper } from '../migrations/verify/schema-dump.ts';
import { type VerifiedMigration, verifyMigrations } from '../migrations/verify/verify-migrations.ts';
import {
  makeMigratedDatabase,
  makeScratchDatabase,
  type ScratchServer,
  startScratchServer,
} from './scratch-database.ts';

export interface Verification {
  readonly migrations: readonly VerifiedMigration[];
  /** What separates a database made at once, the one that went up and down, and the models; sentences. */
  readonly faults: readonly string[];
  /** A pg_dump of the server's major was there as a second witness. */
  readonly pgDump: boolean;
}

export type Verifying = {
  readonly migrations?: readonly Migration[];
  readonly onVerified?: (migration: VerifiedMigration) => void;
};

/** Tries every migration on a throw-away server of the installed programs. */
export async function verifyOnScratch(options: Verifying = {}): Promise<Verification> {
  await using server = await startScratchServer();
  return await verifyOn(server, Number(server.version.split('.')[0]), options);
}

/** The same on a server that is there; two databases are made on it and dropped. */
export async function verifyOn(
  server: ScratchServer,
  serverMajor: number,
  { migrations = readMigrations(), onVerified }: Verifying = {},
): Promise<Verification> {
  await using tried = await makeScratchDatabase(server);
  const dumpSchema = await schemaDumper(tried.address, serverMajor);
  const verified = await verifyMigrations(tried.session, migrations, { onVerified, dumpSchema });
  const faults: string[] = [];
  // Where one did not run, the rest is missing, and there is nothing to compare.
  if (verified.length === migrations.length && verified.every(({ completed }) => completed)) {
    await using fresh = await makeMigratedDatabase(server, migrations);
    const [atOnce, backAndForth] = [await readInventory(fresh.session), await readInventory(tried.session)];
    const parted = compareInventories(atOnce, backAndForth).map(
      ({ sentence }) => `made at once or with steps back: ${sentence}`,
    );
    const models = await modelDifferences(fresh.address);
    faults.push(...parted, ...models.map(({ sentence }) => sentence));
  }
  return { migrations: verified, faults, pgDump: dumpSchema !== undefined };
}
