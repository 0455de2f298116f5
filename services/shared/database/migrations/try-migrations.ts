/** Runs migrations on a copy, to tell what they would do: how long each takes, and what it locks. */
import { isHubError } from '@quantum-hub/kernel';
import type { Step } from '../step.ts';
import type { Direction } from './bookkeeping.ts';
import { type Migration, readMigrations } from './files.ts';
import type { AdminSession } from './owner-transaction.ts';
import { migrateDown, migrateUp } from './runner.ts';
import { heldLocks, loneLocks, type Relations, readRelations, type TableLock } from './table-locks.ts';
import type { Range } from './targets.ts';

export type TriedMigration = {
  readonly name: string;
  /** On the copy, whose tables are empty unless rows came along. */
  readonly durationMs: number;
  /** `none`: outside of a transaction. */
  readonly transaction: 'one' | 'none';
  /** On tables that were there before it, the strongest first; null where that cannot be known. */
  readonly locks: readonly TableLock[] | null;
  /** Taken back for real it would need `--allow-data-loss`. */
  readonly losesData: boolean;
};

export type Tries = {
  readonly migrations: readonly TriedMigration[];
  /** What a real run would end with: file, line and statement. */
  readonly failure?: { readonly code: string; readonly message: string };
};

export type TryOptions = Range & {
  readonly migrations?: readonly Migration[];
  readonly onStep?: (step: Step) => void;
};

/** A migration that fails ends it and is told in the result; that it could not even begin is thrown. */
export async function tryMigrations(
  session: AdminSession,
  direction: Direction,
  { migrations = readMigrations(), ...options }: TryOptions = {},
): Promise<Tries> {
  const tried: TriedMigration[] = [];
  let before = await readRelations(session);
  let locks: TriedMigration['locks'] = null;
  const beforeCommit = async (migration: Migration) => {
    locks = await locksOf(session, migration, direction, before);
    before = await readRelations(session);
  };
  const onApplied = (name: string, durationMs: number) => {
    const { up, [direction]: file } = migrations.find((one) => one.name === name) as Migration;
    const losesData = direction === 'down' && up.header.reversible === 'loses data';
    tried.push({ name, durationMs, transaction: file.header.transaction, locks, losesData });
  };
  const run = { ...options, migrations, beforeCommit, onApplied, lockAttempts: 1 };
  try {
    await (direction === 'up'
      ? migrateUp(session, run)
      : migrateDown(session, { ...run, allowDataLoss: true }));
    return { migrations: tried };
  } catch (error) {
    if (!isHubError(error, 'database.migration_failed')) throw error;
    return { migrations: tried, failure: { code: error.code, message: error.message } };
  }
}

async function locksOf(
  session: AdminSession,
  migration: Migration,
  direction: Direction,
  before: Relations,
): Promise<TableLock[] | null> {
  const { header, statements } = migration[direction];
  if (header.transaction === 'one') return await heldLocks(session, before);
  return loneLocks(statements[0]?.text ?? '', before) ?? null;
}
