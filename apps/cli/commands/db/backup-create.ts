import { type BackupManifest, createBackup, openStore } from '@quantum-hub/database/admin';
import { Command } from 'commander';
import { counted, facts, printResult, progressTo } from '../../output.ts';
import { atPlace } from './at-place.ts';
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
  const tell = atMostEverySecond(progressTo(options));
  const needs = { ...options, purpose: 'qhub db backup create', mustExist: true, cleansUp: true };
  const manifest = await atPlace(needs, (place, signal) =>
    createBackup(place, store, {
      jobs,
      encryption,
      rolePasswords: options.rolePasswords,
      signal,
      onProgress: (progress) =>
        tell(() => {
          const share = `table ${progress.tables} of ${progress.ofTables}: ${progress.table}`;
          if (progress.stage === 'digest') return `Taking digests, ${share}`;
          return `Dumping, ${sizeText(progress.bytes)}, ${share}`;
        }),
    }),
  );
  const result = resultOf(manifest, store.place);
  printResult(options, result, textOf(result));
}

function resultOf({ name, files, contents, durations }: BackupManifest, place: string) {
  const tables = Object.values(contents.tables);
  return {
    name,
    place,
    bytes: files.reduce((sum, { bytes }) => sum + bytes, 0),
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
