import { type ListedBackup, listBackups } from '../list-backups.ts';
import type { BackupStore } from '../store/store.ts';
import { type Candidate, type Choice, chooseKept, type Retention } from './choose-kept.ts';

export interface PruneOptions {
  /** Names of the backups that were restored, compared and good. */
  readonly verified: ReadonlySet<string>;
  /** Says what would be done, and does nothing. Default false. */
  readonly dryRun?: boolean;
  readonly signal?: AbortSignal;
  readonly onRemoved?: (name: string, done: number, of: number) => void;
}

export interface PrunedBackups extends Choice {
  /** Left alone, and counted in no place: somebody may want to know what happened to them. */
  readonly damaged: readonly string[];
  readonly freedBytes: number;
}

/**
 * Removes what retention does not keep, oldest first, and what was cut off before: drafts whose makers are gone and half
 * removals. At any moment it can be killed: each backup is either whole and listed or not listed at all.
 */
export async function pruneBackups(
  store: BackupStore,
  retention: Retention,
  { verified, dryRun = false, signal, onRemoved = () => {} }: PruneOptions,
): Promise<PrunedBackups> {
  const listed = await listBackups(store);
  const whole = listed.filter((backup) => backup.state === 'whole');
  const choice = chooseKept(
    whole.map((backup) => candidateOf(backup, verified)),
    retention,
  );
  const doomed = new Set(choice.removed);
  const freedBytes = whole.filter(({ name }) => doomed.has(name)).reduce((sum, { bytes }) => sum + bytes, 0);
  const damaged = listed.filter(({ state }) => state === 'damaged').map(({ name }) => name);
  if (!dryRun) {
    for (const [index, name] of choice.removed.entries()) {
      signal?.throwIfAborted();
      await store.remove(name);
      onRemoved(name, index + 1, choice.removed.length);
    }
    await store.clearAbandoned();
  }
  return { ...choice, damaged, freedBytes };
}

function candidateOf(
  { name, manifest }: Extract<ListedBackup, { state: 'whole' }>,
  verified: ReadonlySet<string>,
): Candidate {
  const { database, takenAt } = manifest;
  return { name, database, takenAt: new Date(takenAt), verified: verified.has(name) };
}
