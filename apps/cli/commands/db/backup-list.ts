import {
  type ListedBackup,
  listBackups,
  openStore,
  readDatabaseConfig,
  readRunsAt,
  verifiedBackups,
} from '@quantum-hub/database/admin';
import { Command } from 'commander';
import { counted, printResult } from '../../output.ts';
import { type BackupOptions, configOf, sizeText, withPlace } from './backup-options.ts';

const about = `
Shows what was finished, by its manifest; a backup under way, or one that was cut off, is not in the list.
"whole" means that no file is missing or cut; "verified", that it was restored and compared, and was good: that is
known of this machine's runs, and from the database where it answers.

Examples:
  npx qhub db backup list
  npx qhub db backup list --in s3://backups/hub
  npx qhub db backup list --json        { "place", "backups": [{ "name", "state", ... }] }`;

export function listCommand(): Command {
  return withPlace(new Command('list').description('The backups that there are.'))
    .option('--json', 'print JSON')
    .addHelpText('after', about)
    .action(async (options: BackupOptions) => {
      const store = await openStore(configOf(options).place);
      const backups = await listBackups(store);
      const verified = verifiedBackups((await readRunsAt(readDatabaseConfig())).runs, store.place);
      const lines = backups.map((backup) => line(backup, verified));
      const summary = `${counted(backups.length, 'backup')} in ${store.place}.`;
      printResult(
        options,
        { place: store.place, backups: backups.map((backup) => plain(backup, verified)) },
        [...lines, summary].join('\n'),
      );
    });
}

function plain(backup: ListedBackup, verified: ReadonlySet<string>) {
  if (backup.state === 'damaged') return backup;
  const { name, state, manifest, bytes, tables, rows } = backup;
  const { database, takenAt, serverVersion, encryption, migrations } = manifest;
  return {
    name,
    state,
    verified: verified.has(name),
    database,
    takenAt,
    bytes,
    tables,
    rows,
    serverVersion,
    migrations: migrations.length,
    encrypted: encryption?.to ?? null,
  };
}

function line(backup: ListedBackup, verified: ReadonlySet<string>): string {
  const { name, state } = backup;
  if (state === 'damaged') return `  ${name}  damaged: ${backup.reason}`;
  const { bytes, rows, manifest } = backup;
  const how = verified.has(name) ? `${state}, verified` : state;
  const sealed = manifest.encryption ? `, encrypted for a ${manifest.encryption.to}` : '';
  return `  ${name}  ${how}, ${sizeText(bytes)}, ${counted(rows, 'row')}, PostgreSQL ${manifest.serverVersion}${sealed}`;
}
