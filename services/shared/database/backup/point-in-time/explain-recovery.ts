import { type HubError, hubError } from '@quantum-hub/kernel';
import type { BaseBackup } from './engine.ts';
import { type Target, targetText } from './target.ts';

interface RecoveryFacts {
  readonly target: Target;
  /** The first segment that the archive lacks. */
  readonly gap: string | undefined;
  readonly backup: BaseBackup;
}

/** Turns what PostgreSQL wrote when a recovery failed into the one error that says what to do; an unknown one as it came. */
export function explainRecovery(error: unknown, log: string, facts: RecoveryFacts): unknown {
  return explanation(log, facts, { cause: error }) ?? error;
}

function explanation(
  log: string,
  { target, gap, backup }: RecoveryFacts,
  cause: { cause: unknown },
): HubError | undefined {
  // Our own program, or pgBackRest's `archive-get`, whose message stands in the server's log.
  const damaged =
    /fetch-wal: \S*?([0-9A-F]{24})\.gz is damaged/.exec(log) ??
    /ERROR: \[\d+\]:[^\n]*?([0-9A-F]{24})/.exec(log) ??
    /could not restore file "([0-9A-F]{24})"/.exec(log);
  if (damaged?.[1]) return hubError('database.pitr_wal_damaged', { segment: damaged[1] }, cause);
  if (/stop point is before consistent recovery point/.test(log)) {
    const earliest = backup.stoppedAt.toISOString();
    return hubError('database.pitr_target_too_early', { target: targetText(target), earliest }, cause);
  }
  const unfinished =
    /recovery ended before configured recovery target|WAL ends before (?:end of online backup|consistent recovery point)|could not locate required checkpoint record|could not find redo location/;
  if (!unfinished.test(log)) return undefined;
  if (gap) return hubError('database.pitr_wal_missing', { segment: gap, backup: backup.label }, cause);
  const end = /last completed transaction was at log time ([^\n]+)/.exec(log)?.[1];
  return hubError('database.pitr_target_not_reached', { target: targetText(target), end }, cause);
}
