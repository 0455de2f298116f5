/** Backups that nobody asks for: made, verified by restoring, and pruned, by one runner at a time over all hosts. */
import { hubError, isHubError } from '@quantum-hub/kernel';
import { createBackup } from '../backup/create/create-backup.ts';
import type { Retention } from '../backup/retention/choose-kept.ts';
import { type PrunedBackups, pruneBackups } from '../backup/retention/prune-backups.ts';
import { readRetention } from '../backup/retention/read-retention.ts';
import { verifiedBackups } from '../backup/runs/run.ts';
import { type BackupConfig, readBackupConfig } from '../backup/settings.ts';
import { openStore } from '../backup/store/open-store.ts';
import type { BackupStore } from '../backup/store/store.ts';
import { previousTurn } from '../backup/upkeep-settings.ts';
import { verifyBackup } from '../backup/verify/verify-backup.ts';
import { connectAdmin } from '../connection/admin-connection.ts';
import { onRecord, readRunsAt } from './backup-runs-place.ts';
import type { DatabasePlace } from './database-place.ts';

/** A number of our own among the advisory locks of the database. */
const backupLock = 7_000_400;

/**
 * Holds the lock of those who make backups by schedule or prune them, for as long as the work takes. Throws
 * `database.backup_busy`. It belongs to a transaction that does nothing: so it works behind poolers, goes when this
 * process dies, and keeps no snapshot that vacuum would mind.
 */
async function withBackupLock<Result>(place: DatabasePlace, work: () => Promise<Result>): Promise<Result> {
  await using admin = await connectAdmin(place.admin, { service: 'qhub-db-backup' });
  await admin.query('begin; set local idle_in_transaction_session_timeout = 0');
  const { rows } = await admin.query<{ ours: boolean }>(
    `select pg_try_advisory_xact_lock(${backupLock}) as ours`,
  );
  if (!rows[0]?.ours) throw hubError('database.backup_busy', { database: place.admin.database });
  return await work();
}

export interface PruneAtOptions {
  readonly dryRun?: boolean;
  readonly signal?: AbortSignal;
  readonly onRemoved?: (name: string, done: number, of: number) => void;
  readonly onNote?: (line: string) => void;
}

/** Removes what retention does not keep, and notes it. A dry run takes no lock and is not noted. */
export async function pruneBackupsAt(
  place: DatabasePlace,
  store: BackupStore,
  retention: Retention,
  options: PruneAtOptions = {},
): Promise<PrunedBackups> {
  if (options.dryRun) return await prune(place, store, retention, options);
  return await withBackupLock(place, () => recordedPrune(place, store, retention, options));
}

async function recordedPrune(
  place: DatabasePlace,
  store: BackupStore,
  retention: Retention,
  options: PruneAtOptions,
): Promise<PrunedBackups> {
  const run = { kind: 'prune', place: store.place, onNote: options.onNote } as const;
  return await onRecord(
    place.config,
    run,
    () => prune(place, store, retention, options),
    ({ freedBytes }) => ({ bytes: freedBytes }),
  );
}

async function prune(
  place: DatabasePlace,
  store: BackupStore,
  retention: Retention,
  options: PruneAtOptions,
): Promise<PrunedBackups> {
  const { runs } = await readRunsAt(place.config);
  return await pruneBackups(store, retention, { ...options, verified: verifiedBackups(runs, store.place) });
}

export type BackupTurn =
  | { readonly outcome: 'made'; readonly name: string; readonly removed: readonly string[] }
  /** Another host has made, or is making, the backup of this turn. */
  | { readonly outcome: 'not due' };

export interface TurnOptions {
  /** Cron text, in UTC. */
  readonly schedule: string;
  readonly config?: BackupConfig;
  readonly retention?: Retention;
  readonly signal?: AbortSignal;
  readonly log?: (line: string) => void;
  readonly now?: () => Date;
}

/**
 * Does what the schedule's last turn asks for, unless it was done: so a turn that was missed is made up, and of several
 * hubs one works. Nothing is pruned after a backup that could not be verified.
 */
export async function runBackupTurnAt(place: DatabasePlace, options: TurnOptions): Promise<BackupTurn> {
  const { config = readBackupConfig(), retention = readRetention() } = options;
  const { schedule, signal, log = () => {}, now = () => new Date() } = options;
  const store = await openStore(config.place);
  if (!(await isDue(place, store, schedule, now()))) return { outcome: 'not due' };
  const work = async (): Promise<BackupTurn> => {
    // Another host may have been faster.
    if (!(await isDue(place, store, schedule, now()))) return { outcome: 'not due' };
    const run = { place: store.place, onNote: log } as const;
    const { name } = await onRecord(
      place.config,
      { ...run, kind: 'create' },
      () => createBackup(place, store, { encryption: config.encryption, signal }),
      ({ name, files }) => ({ backup: name, bytes: files.reduce((sum, { bytes }) => sum + bytes, 0) }),
    );
    // A recipient's backups open with an identity that need not be on this machine: then checksums are all there is.
    const quick = config.encryption?.to === 'recipient' && config.keys.identity === undefined;
    await onRecord(
      place.config,
      { ...run, kind: quick ? 'check' : 'verify', backup: name },
      () => verifyBackup(store, name, { keys: config.keys, signal, quick }),
      () => ({}),
    );
    const { removed } = await recordedPrune(place, store, retention, { signal, onNote: log });
    return { outcome: 'made', name, removed };
  };
  return await withBackupLock(place, work).catch((error): BackupTurn => {
    if (isHubError(error, 'database.backup_busy')) return { outcome: 'not due' };
    throw error;
  });
}

async function isDue(
  place: DatabasePlace,
  store: BackupStore,
  schedule: string,
  now: Date,
): Promise<boolean> {
  const turn = previousTurn(schedule, now);
  if (turn === undefined) return false;
  const { runs } = await readRunsAt(place.config);
  return !runs.some(
    ({ kind, ok, place, startedAt }) => kind === 'create' && ok && place === store.place && startedAt >= turn,
  );
}
