import { compareInventories } from '../migrations/catalog/compare.ts';
import { readInventory } from '../migrations/catalog/inventory.ts';
import { modelDifferences } from '../migrations/check/model-differences.ts';
import { type Migration, readMigrations } from '../migrations/files.ts';
import { schemaDumper } from '../migrations/verify/schema-dump.ts';
import { type VerifiedMigration, verifyMigrations } from '../migrations/verify/verify-migrations.ts';
import { makeMigratedDatabase, makeScratchDatabase } from '../scratch/scratch-database.ts';
import { type ScratchPlace, startScratchServer, withoutMajor } from '../scratch/scratch-server.ts';
import type { Step } from '../step.ts';

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
  /** Before the first migration and after each. */
  readonly onStep?: (step: Step) => void;
};

/** Tries every migration on a throw-away server, of the embedded server's major unless another is given. */
export async function verifyOnScratch({
  major,
  ...options
}: Verifying & { readonly major?: number } = {}): Promise<Verification> {
  await using server = await startScratchServer({ major, otherwise: withoutMajor });
  return await verifyOn(server.place, server.major, options);
}

/** The same on a server that is there; two databases are made on it and dropped. */
export async function verifyOn(
  server: ScratchPlace,
  serverMajor: number,
  { migrations = readMigrations(), onVerified = () => {}, onStep = () => {} }: Verifying = {},
): Promise<Verification> {
  await using tried = await makeScratchDatabase(server);
  const dumpSchema = await schemaDumper(tried.address, serverMajor);
  let done = 0;
  const tell = () => onStep({ done, total: migrations.length, next: migrations[done]?.name ?? '' });
  tell();
  const verified = await verifyMigrations(tried.session, migrations, {
    dumpSchema,
    onVerified: (migration) => {
      done += 1;
      onVerified(migration);
      tell();
    },
  });
  const faults: string[] = [];
  // Where one did not run, the rest is missing, and there is nothing to compare.
  if (verified.length === migrations.length && verified.every(({ completed }) => completed)) {
    await using fresh = await makeMigratedDatabase(server, { migrations });
    const [atOnce, backAndForth] = [await readInventory(fresh.session), await readInventory(tried.session)];
    const parted = compareInventories(atOnce, backAndForth).map(
      ({ sentence }) => `made at once or with steps back: ${sentence}`,
    );
    const models = leadToModels(migrations) ? await modelDifferences(fresh.address) : [];
    faults.push(...parted, ...models.map(({ sentence }) => sentence));
  }
  return { migrations: verified, faults, pgDump: dumpSchema !== undefined };
}

/** The first few alone are tried too; these make less than the models say. */
function leadToModels(migrations: readonly Migration[]): boolean {
  const names = new Set(migrations.map(({ name }) => name));
  return readMigrations().every(({ name }) => names.has(name));
}
