import {
  newestBackup,
  onRecord,
  openStore,
  readDatabaseConfig,
  type VerifiedBackup,
  verifyBackup,
} from '@quantum-hub/database/admin';
import { hubError } from '@quantum-hub/kernel';
import { Command } from 'commander';
import { counted, facts, printResult } from '../../output.ts';
import { withProgress } from '../../progress.ts';
import {
  atMostEverySecond,
  type BackupOptions,
  configOf,
  jobsOf,
  secondsText,
  sizeText,
  withKeys,
} from './backup-options.ts';

const about = `
Reads every byte, restores the backup on a throw-away server and compares every table, sequence, right and
policy with the manifest. Touches no other database, and notes the outcome for "status". Exit code 0 when it is good,
1 when not.
--quick compares checksums only: that finds what became of the files, and not what was dumped wrongly.

Examples:
  npx qhub db backup verify                     the newest one
  npx qhub db backup verify NAME --json         { "name", "good", "restored", "tables", "rows", "durations" }`;

interface VerifyOptions extends BackupOptions {
  readonly quick?: boolean;
}

export function verifyCommand(): Command {
  return withKeys(new Command('verify').description('Restore a backup on a throw-away server, and compare.'))
    .argument('[name]', 'as `list` shows it (default: the newest one)')
    .option('--quick', 'compare checksums only')
    .option('--jobs <n>', 'restore by several connections (default: 1)')
    .option('--json', 'print JSON')
    .addHelpText('after', about)
    .action(verify);
}

async function verify(given: string | undefined, options: VerifyOptions): Promise<void> {
  const { place, keys } = configOf(options);
  const jobs = jobsOf(options, 'verify');
  const store = await openStore(place);
  const name = given ?? (await newestBackup(store));
  if (name === undefined) throw hubError('database.backup_not_found', { name: '', place: store.place });
  const verified = await withProgress(options, async ({ line, step }) => {
    const tell = atMostEverySecond();
    const run = {
      kind: options.quick ? 'check' : 'verify',
      place: store.place,
      backup: name,
      onNote: line,
    } as const;
    const work = () =>
      verifyBackup(store, name, {
        keys,
        jobs,
        quick: options.quick,
        onNote: line,
        onChecked: (done, total) =>
          tell(() => step({ done, total, next: 'the files' }, checkedText(done, total))),
        onTable: (table) => tell(() => line(`Restoring ${table}`)),
      });
    return await onRecord(readDatabaseConfig(), run, work, () => ({}));
  });
  const result = resultOf(verified);
  printResult(options, result, textOf(result));
}

function checkedText(bytes: number, ofBytes: number): string {
  return `Checking the files, ${sizeText(bytes)} of ${sizeText(ofBytes)}`;
}

function resultOf({ manifest, restored, durations }: VerifiedBackup) {
  const tables = Object.values(manifest.contents.tables);
  const rows = tables.reduce((sum, table) => sum + table.rows, 0);
  return { name: manifest.name, good: true, restored, tables: tables.length, rows, durations };
}

function textOf({ name, restored, tables, rows, durations }: ReturnType<typeof resultOf>): string {
  const { checkMs, restoreMs, compareMs } = durations;
  if (!restored) return `The files of ${name} are as they were written (${secondsText(checkMs)}).`;
  const lines = facts([
    ['compared', `${counted(tables, 'table')}, ${counted(rows, 'row')}`],
    [
      'took',
      `${secondsText(checkMs)} to read, ${secondsText(restoreMs)} to restore, ${secondsText(compareMs)} to compare`,
    ],
  ]);
  return `The backup ${name} is good:\n${lines}`;
}
