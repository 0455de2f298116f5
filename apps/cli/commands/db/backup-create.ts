import {
  type BackupManifest,
  type CreateProgress,
  createBackup,
  onRecord,
  openStore,
  readDatabaseConfig,
  type Step,
} from '@quantum-hub/database/admin';
import { Command } from 'commander';
import { counted, facts, printResult } from '../../output.ts';
import { withProgress } from '../../progress.ts';
import { atPlace } from '../at-place.ts';
import {
  atMostEverySecond,
  type BackupOptions,
  configOf,
  jobsOf,
  secondsText,
  sizeText,
  withPlace,
} from './backup-options.ts';

const about = `
The hub goes on running: dump and manifest show one moment. The login must read every row: a superuser does, others
as the role qhub_backup. Roles go along without their passwords, which the hub's own logins have from the settings;
--role-passwords takes the hashes of all roles of the server too. Nobody else may read the files (0600).
With --jobs several connections dump at once, into a folder in place of one file.

Examples:
  npx qhub db backup create
  npx qhub db backup create --jobs 4 --in /mnt/backups
  npx qhub db backup create --recipient age1... --in s3://backups/hub
  npx qhub db backup create --json      { "name", "place", "bytes", "tables", "rows", "durations" }`;

interface CreateOptions extends BackupOptions {
  readonly rolePasswords?: boolean;
}

export function createCommand(): Command {
  return withPlace(new Command('create').description('Make a backup.'))
    .option('--jobs <n>', 'dump by several connections (default: 1)')
    .option('--passphrase-file <file>', 'encrypt with this passphrase (QHUB_BACKUP_PASSPHRASE_FILE)')
    .option('--recipient <age1...>', 'encrypt for this age recipient (QHUB_BACKUP_RECIPIENT)')
    .option('--role-passwords', 'take the password hashes of all roles too')
    .option('--json', 'print JSON')
    .addHelpText('after', about)
    .action(create);
}

async function create(options: CreateOptions): Promise<void> {
  const { encryption, place: where } = configOf(options);
  const jobs = jobsOf(options, 'create');
  const store = await openStore(where);
  const needs = { ...options, purpose: 'qhub db backup create', mustExist: true, cleansUp: true };
  const manifest = await withProgress(options, async ({ line, step }) => {
    const tell = atMostEverySecond();
    const run = { kind: 'create', place: store.place, onNote: line } as const;
    const { rolePasswords } = options;
    const make = () =>
      atPlace(needs, (place, signal) =>
        createBackup(place, store, {
          jobs,
          encryption,
          rolePasswords,
          signal,
          onProgress: (now) => tell(() => step(...stepOf(now))),
        }),
      );
    return await onRecord(readDatabaseConfig(), run, make, (made) => ({
      backup: made.name,
      bytes: bytesOf(made),
    }));
  });
  const result = resultOf(manifest, store.place);
  printResult(options, result, textOf(result));
}

function stepOf(progress: CreateProgress): [Step, string] {
  const { tables: done, ofTables: total, table } = progress;
  const share = `table ${done} of ${total}: ${table}`;
  if (progress.stage === 'digest') return [{ done, total, next: table }, `Taking digests, ${share}`];
  const size = sizeText(progress.bytes);
  return [{ done, total, next: `${size}, ${table}` }, `Dumping, ${size}, ${share}`];
}

function bytesOf({ files }: BackupManifest): number {
  return files.reduce((sum, { bytes }) => sum + bytes, 0);
}

function resultOf(manifest: BackupManifest, place: string) {
  const { name, contents, durations } = manifest;
  const tables = Object.values(contents.tables);
  return {
    name,
    place,
    bytes: bytesOf(manifest),
    tables: tables.length,
    rows: tables.reduce((sum, { rows }) => sum + rows, 0),
    durations,
  };
}

function textOf({ name, place, bytes, tables, rows, durations }: ReturnType<typeof resultOf>): string {
  const lines = facts([
    ['in', place],
    ['size', sizeText(bytes)],
    ['holds', `${counted(tables, 'table')}, ${counted(rows, 'row')}`],
    ['took', `${secondsText(durations.dumpMs)} to dump, ${secondsText(durations.digestMs)} for the digests`],
    ['next', `npx qhub db backup verify ${name}`],
  ]);
  return `Made the backup ${name}:\n${lines}`;
}
