import { hubError } from '@quantum-hub/kernel';
import type { BaseBackup } from './engine.ts';
import type { RestorePoint } from './restore-points.ts';
import { momentMs, type Target, targetText } from './target.ts';

export interface Choice {
  readonly target: Target;
  /** The label of the backup that was asked for. */
  readonly asked?: string;
  readonly points: readonly RestorePoint[];
  /** For messages. */
  readonly repository: string;
}

/** The base backup from which to recover: the newest that ends before the target, where we know when that is. */
export function chooseBackup(backups: readonly BaseBackup[], choice: Choice): BaseBackup {
  const { target, asked, points, repository } = choice;
  const [oldest] = backups;
  const newest = backups.at(-1);
  if (!oldest || !newest) throw hubError('database.pitr_no_backup', { repository });
  const atMs = timeOf(target, points);
  const candidates =
    atMs === undefined ? backups : backups.filter(({ stoppedAt }) => stoppedAt.getTime() <= atMs);
  if (asked !== undefined) {
    const found = backups.find(({ label }) => label === asked);
    if (!found) {
      const known = backups.map(({ label }) => label).join(', ');
      throw hubError('database.pitr_backup_unknown', { backup: asked, known });
    }
    if (!candidates.includes(found)) throw tooEarly(target, found);
    return found;
  }
  const chosen = candidates.at(-1);
  if (!chosen) throw tooEarly(target, oldest);
  return chosen;
}

function timeOf(target: Target, points: readonly RestorePoint[]): number | undefined {
  if (target.kind === 'time') return momentMs(target.time);
  if (target.kind !== 'restore-point') return undefined;
  const at = points.find(({ name }) => name === target.name)?.at;
  return at === undefined ? undefined : Date.parse(at);
}

function tooEarly(target: Target, { stoppedAt }: BaseBackup): Error {
  const earliest = stoppedAt.toISOString();
  return hubError('database.pitr_target_too_early', { target: targetText(target), earliest });
}
