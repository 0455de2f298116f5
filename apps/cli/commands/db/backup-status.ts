import {
  type BackupRun,
  type BackupStatus,
  backupStatusAt,
  readDatabaseConfig,
} from '@quantum-hub/database/admin';
import { Command } from 'commander';
import { exitCodes, SilentExit } from '../../faults.ts';
import { printResult } from '../../output.ts';
import { type BackupOptions, configOf, secondsText, sizeText, withPlace } from './backup-options.ts';

const about = `
Exit code 1 when something alarms: no verified backup of the last QHUB_BACKUP_VERIFIED_WITHIN_HOURS, a last run that
failed, damaged backups, a disk that fills up; where recovery to a moment is set up also an archive that lags, a
pg_wal that grows, and no good drill for 35 days. Works without the database, and does not start it.
With QHUB_BACKUP_FIGURES the same goes to a file in Prometheus' text format.

Examples:
  npx qhub db backup status
  npx qhub db backup status --json      { "alarm", "place", "judgements": [{ "name", "ok", "text" }], "runs", "reached" }`;

const shownRuns = 10;

export function statusCommand(): Command {
  return withPlace(new Command('status').description('Are the backups as they should be?'))
    .option('--json', 'print JSON')
    .addHelpText('after', about)
    .action(async (options: BackupOptions) => {
      const status = await backupStatusAt(readDatabaseConfig(), { place: configOf(options).place });
      const runs = status.runs.slice(0, shownRuns);
      printResult(options, { ...status, runs }, textOf(status, runs));
      if (status.alarm) throw new SilentExit(exitCodes.failed);
    });
}

function textOf({ judgements, place, reached, alarm }: BackupStatus, runs: readonly BackupRun[]): string {
  const width = Math.max(...judgements.map(({ name }) => name.length));
  return [
    `Backups in ${place}:`,
    ...judgements.map(({ name, ok, text }) => `  ${ok ? 'ok   ' : 'ALARM'}  ${name.padEnd(width)}  ${text}`),
    ...(reached ? [] : ['The database did not answer: only runs that wait on this machine are known.']),
    runs.length > 0 ? 'Last runs:' : 'No run is on record.',
    ...runs.map(runLine),
    alarm ? 'Somebody has to look after them.' : 'All is well.',
  ].join('\n');
}

function runLine({ kind, ok, backup, bytes, error, startedAt, finishedAt, host }: BackupRun): string {
  const took = secondsText(finishedAt.getTime() - startedAt.getTime());
  const outcome = ok ? 'well' : `FAILED: ${error}`;
  const about = [backup, bytes === null ? undefined : sizeText(bytes), took, `on ${host}`].filter(Boolean);
  return `  ${finishedAt.toISOString()}  ${kind.padEnd(6)}  ${outcome}, ${about.join(', ')}`;
}
