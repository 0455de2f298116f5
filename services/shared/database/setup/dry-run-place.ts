/** Tries on a copy what migrations would do to a database. */

import type { RestoreSource } from '../backup/restore/restore-backup.ts';
import type { Direction } from '../migrations/bookkeeping.ts';
import { readMigrations } from '../migrations/files.ts';
import { historyOf } from '../migrations/history.ts';
import type { AdminSession } from '../migrations/owner-transaction.ts';
import { pendingMigrations } from '../migrations/runner.ts';
import { downTargets, upTargets } from '../migrations/targets.ts';
import { type Tries, type TryOptions, tryMigrations } from '../migrations/try-migrations.ts';
import { createPartitions } from '../partitions/create-partitions.ts';
import { prepareScratchCopy } from '../scratch/prepare-copy.ts';
import type { DatabasePlace } from './database-place.ts';
import { type FoundTarget, readTarget, targetForBackup } from './read-target.ts';
import { loadReferenceData } from './reference-data.ts';

export type DryRunOptions = TryOptions & {
  /** Takes the embedded server where there are no programs of the database's major. */
  readonly anyMajor?: boolean;
  /** Takes the copy from a backup, with its rows; of the database only the major counts then. */
  readonly fromBackup?: RestoreSource;
  readonly onProgress?: (line: string) => void;
};

export interface DryRun extends Tries {
  readonly direction: Direction;
  readonly database: string;
  /** Of the scratch server, such as `15.18`. */
  readonly version: string;
  /** Sentences without a full stop: what the copy was made from, and what it lacks. */
  readonly notes: readonly string[];
  /** Names of the partitions that `up` would make at its end. */
  readonly partitions: readonly string[];
}

/**
 * The database is only read, before the copy is made. Throws what keeps a real run from beginning, and
 * `database.scratch_major_missing`; what a migration ends with is told in the result.
 */
export async function dryRunAt(
  place: DatabasePlace,
  service: string,
  direction: Direction,
  { anyMajor = false, fromBackup, onProgress = () => {}, ...options }: DryRunOptions = {},
): Promise<DryRun> {
  const { migrations = readMigrations(), onStep } = options;
  const found = fromBackup
    ? await targetForBackup(place, service, fromBackup)
    : await readTarget(place, service, onProgress);
  if (!fromBackup) refuseImpossible(found, direction, { ...options, migrations });
  onProgress('Making a copy on a scratch server.');
  const otherwise = anyMajor ? undefined : 'take it all the same with --any-major';
  const copying = { migrations, otherwise, onProgress, onStep };
  await using copy = await prepareScratchCopy(found.target, found.source, copying);
  const { session } = copy;
  onProgress(`Trying the migrations on PostgreSQL ${copy.server.version}.`);
  const tries = await tryMigrations(session, direction, { ...options, migrations });
  const partitions =
    direction === 'up' && tries.failure === undefined ? await finish(session, migrations) : [];
  const notes = [...found.notes, ...(copy.server.note === undefined ? [] : [copy.server.note])];
  const { database } = found.target;
  return { direction, database, version: copy.server.version, notes, ...tries, partitions };
}

/** What a real run refuses, before a server is started for nothing. */
function refuseImpossible(
  { target }: FoundTarget,
  direction: Direction,
  { migrations = [], ...range }: TryOptions,
): void {
  const history = historyOf(migrations, target.recorded);
  if (direction === 'up') upTargets(migrations, history, range);
  else downTargets(migrations, history, { ...range, allowDataLoss: true });
}

/** What `up` does behind the last migration. */
async function finish(
  session: AdminSession,
  migrations: NonNullable<TryOptions['migrations']>,
): Promise<readonly string[]> {
  if ((await pendingMigrations(session, migrations)).length > 0) return [];
  const partitions = await createPartitions(session);
  await loadReferenceData(session);
  return partitions;
}
