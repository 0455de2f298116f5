import { hubError } from '@quantum-hub/kernel';
import type { OpenBackup } from './open-backup.ts';

/** Throws `database.backup_too_new` where the target is older than the backup. */
export function requireMajor({ name, manifest }: OpenBackup, version: string, target: string): void {
  const made = Number.parseInt(manifest.serverVersion, 10);
  if (Number.parseInt(version, 10) >= made) return;
  throw hubError('database.backup_too_new', { name, made, target: `${target} ${version}` });
}
