import type { AdminSession } from '../migrations/owner-transaction.ts';
import { migrateUp } from '../migrations/runner.ts';
import { createPartitions } from '../partitions/create-partitions.ts';
import { type ProvisionOptions, provision } from '../provision/index.ts';
import { loadReferenceData } from './reference-data.ts';

/** What was done to a database that is now ready for units of work. */
export type Prepared = {
  /** What could not be done and does no harm, with the statement that a superuser would run. */
  readonly warnings: readonly { readonly sentence: string; readonly statement: string }[];
  readonly migrations: readonly string[];
  readonly partitions: readonly string[];
};

/**
 * Roles, migrations, partitions and reference data, in this order; safe to run again and at once.
 * `session` is an administrator's, connected to the database of `options`.
 */
export async function prepareDatabase(
  session: AdminSession,
  options: ProvisionOptions,
  onProgress: (line: string) => void = () => {},
): Promise<Prepared> {
  const findings = await provision(session, options);
  const migrations = await migrateUp(session, {
    onApplied: (name, durationMs) => onProgress(`migrated ${name} (${durationMs} ms)`),
    onProgress,
  });
  const partitions = await createPartitions(session);
  await loadReferenceData(session);
  return { warnings: findings, migrations, partitions };
}
