import { type BackupConfig, readBackupConfig } from '@quantum-hub/database/admin';
import type { Command } from 'commander';
import { usageFault } from '../../faults.ts';
import type { OutputOptions } from '../../output.ts';

/** What every command about backups takes. */
export interface BackupOptions extends OutputOptions {
  readonly in?: string;
  readonly passphraseFile?: string;
  readonly identityFile?: string;
  readonly recipient?: string;
  readonly jobs?: string;
}

export function withPlace(command: Command): Command {
  return command.option(
    '--in <place>',
    'where backups lie: a folder, or s3://BUCKET/PREFIX (QHUB_BACKUP_DIR)',
  );
}

export function withKeys(command: Command): Command {
  return withPlace(command)
    .option('--passphrase-file <file>', 'opens an encrypted backup (QHUB_BACKUP_PASSPHRASE_FILE)')
    .option('--identity-file <file>', 'the age identity that opens it (QHUB_BACKUP_IDENTITY_FILE)');
}

export function configOf(options: BackupOptions): BackupConfig {
  const { passphraseFile, identityFile, recipient } = options;
  return readBackupConfig({ place: options.in, passphraseFile, identityFile, recipient });
}

/** `--jobs`, a whole number from 1 on. */
export function jobsOf({ jobs }: BackupOptions, command: string): number | undefined {
  if (jobs === undefined) return undefined;
  if (/^[1-9]\d{0,2}$/.test(jobs)) return Number(jobs);
  throw usageFault(
    `--jobs is "${jobs}"; expected a whole number from 1 to 999`,
    `npx qhub db backup ${command} --help`,
  );
}

/** `12.3 MB`. */
export function sizeText(bytes: number): string {
  const units = ['bytes', 'kB', 'MB', 'GB', 'TB'];
  let value = bytes;
  let unit = 0;
  for (; value >= 1000 && unit < units.length - 1; unit++) value /= 1000;
  return `${unit === 0 ? value : value.toFixed(1)} ${units[unit]}`;
}

/** `1.2 s`. */
export function secondsText(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}

/** Does at most one of the things that it is given a second: lines of a log, redrawing a bar. */
export function atMostEverySecond(): (tell: () => void) => void {
  let last = Number.NEGATIVE_INFINITY;
  return (tell) => {
    const now = performance.now();
    if (now - last < 1000) return;
    last = now;
    tell();
  };
}
