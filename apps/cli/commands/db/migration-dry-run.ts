import {
  type DryRun,
  dryRunAt,
  findSource,
  type LockMode,
  readBackupConfig,
  type TableLock,
  type TriedMigration,
} from '@quantum-hub/database/admin';
import { exitCodes, SilentExit } from '../../faults.ts';
import { counted, printResult } from '../../output.ts';
import { withProgress } from '../../progress.ts';
import { atPlace } from '../at-place.ts';
import type { RangeOptions } from './migration-sql.ts';

export interface DryRunOptions extends RangeOptions {
  readonly dryRun?: boolean;
  readonly anyMajor?: boolean;
  readonly fromBackup?: string;
}

/** Tries `up` or `down` on a copy, and tells what came of it; exit code 1 where a migration fails. */
export async function dryRun(
  direction: 'up' | 'down',
  options: DryRunOptions,
  range: { to?: string; steps?: number },
): Promise<void> {
  const purpose = `qhub db migration ${direction} --dry-run`;
  const { anyMajor, fromBackup: backup } = options;
  const fromBackup = backup === undefined ? undefined : await findSource(backup, readBackupConfig());
  const tried = await withProgress(options, ({ line, step }) =>
    atPlace({ ...options, purpose, mustExist: true }, (place) =>
      dryRunAt(place, 'qhub-db-migration', direction, {
        ...range,
        anyMajor,
        fromBackup,
        onProgress: line,
        onStep: step,
      }),
    ),
  );
  const ok = tried.failure === undefined;
  printResult(options, { ok, ...tried }, textOf(tried, backup));
  if (!ok) throw new SilentExit(exitCodes.failed);
}

function textOf(run: DryRun, backup: string | undefined): string {
  const { direction, database, version, notes, migrations, partitions, failure } = run;
  const verb = direction === 'up' ? 'apply' : 'take back';
  const made = partitions.length > 0 ? ` and make ${counted(partitions.length, 'partition')}` : '';
  const nothing = migrations.length === 0 && failure === undefined;
  const would = nothing
    ? `There is no migration to ${verb}`
    : `It would ${verb} ${counted(migrations.length, 'migration')}${made}`;
  const summary =
    failure === undefined
      ? `${would}. Nothing was changed in "${database}".`
      : `FAILED: ${failure.message}. Nothing was changed in "${database}".`;
  return [
    `Dry run on a copy of ${backup ?? `"${database}" without its rows`}, on PostgreSQL ${version}:`,
    ...migrations.map(migrationText),
    ...notes.map((note) => `Note: ${note}.`),
    summary,
  ].join('\n');
}

function migrationText({ name, durationMs, transaction, locks, losesData }: TriedMigration): string {
  const how = transaction === 'none' ? ', outside a transaction' : '';
  const lines = [`  ${name}  ${durationMs} ms${how}`];
  if (losesData) lines.push('    loses rows: it needs --allow-data-loss');
  if (locks === null) lines.push('    what it locks is not known');
  else if (locks.length === 0) lines.push('    locks no table that is there');
  else lines.push(...locks.map((lock) => `    ${lockText(lock)}`));
  return lines.join('\n');
}

/** What others can no longer do with the table while the lock is held. */
const stops: Readonly<Record<LockMode, string>> = {
  AccessShareLock: 'stops nobody',
  RowShareLock: 'stops nobody',
  RowExclusiveLock: 'stops nobody who reads or writes',
  ShareUpdateExclusiveLock: 'stops nobody who reads or writes',
  ShareLock: 'stops writes',
  ShareRowExclusiveLock: 'stops writes',
  ExclusiveLock: 'stops writes',
  AccessExclusiveLock: 'stops reads and writes',
};

function lockText({ table, mode, partitions }: TableLock): string {
  const parts = partitions > 0 ? ` and ${counted(partitions, 'partition')}` : '';
  return `${mode} on ${table}${parts}: ${stops[mode]}`;
}
