import { dropKept, findSource, type Restored, restoreBackup } from '@quantum-hub/database/admin';
import { Command } from 'commander';
import { usageFault } from '../../faults.ts';
import { counted, printResult } from '../../output.ts';
import { withProgress } from '../../progress.ts';
import { atPlace } from '../at-place.ts';
import { atMostEverySecond, type BackupOptions, configOf, jobsOf, withKeys } from './backup-options.ts';

const about = `
Restores into a new database beside the old one, compares it with the manifest, and then gives it the old one's
name in one moment; connections of the old one are closed. The old one is kept as NAME_before_TIME until
\`restore --drop-old\`. Over a database that holds data only with --force.
Takes a file that pg_dump made of one database too: plain, packed by gzip, or of --format=custom.

Examples:
  npx qhub db backup restore quantum_hub_20261122T203836Z
  npx qhub db backup restore quantum_hub_20261122T203836Z --force --migrate
  npx qhub db backup restore file.sql
  npx qhub db backup restore --drop-old           drop what earlier restores put aside`;

const help = 'npx qhub db backup restore --help';

interface RestoreOptions extends BackupOptions {
  readonly force?: boolean;
  readonly migrate?: boolean;
  readonly dropOld?: boolean;
}

export function restoreCommand(): Command {
  return withKeys(new Command('restore').description('Put a backup in the place of the database.'))
    .argument('[backup]', 'a name as `list` shows it, a folder, or a file by pg_dump')
    .option('--force', 'also where the database holds data')
    .option('--migrate', 'apply the migrations that the backup lacks')
    .option('--drop-old', 'drop the old database instead of keeping it')
    .option('--jobs <n>', 'restore by several connections (default: 1)')
    .option('--json', 'print JSON')
    .addHelpText('after', about)
    .action(restore);
}

async function restore(backup: string | undefined, options: RestoreOptions): Promise<void> {
  if (backup === undefined) return await dropOldOnes(options);
  const config = configOf(options);
  const jobs = jobsOf(options, 'restore');
  const source = await findSource(backup, config);
  const needs = { ...options, purpose: 'qhub db backup restore', cleansUp: true };
  const { force, migrate, dropOld } = options;
  const restored = await withProgress(options, async ({ line }) => {
    const tell = atMostEverySecond();
    const onTable = (table: string) => tell(() => line(`Restoring ${table}`));
    return await atPlace(needs, (place, signal) =>
      restoreBackup(place, source, { force, migrate, dropOld, jobs, signal, onProgress: line, onTable }),
    );
  });
  printResult(options, { source: backup, ...restored }, textOf(backup, restored));
}

async function dropOldOnes(options: RestoreOptions): Promise<void> {
  if (!options.dropOld) throw usageFault('restore takes the name of a backup, or --drop-old', help);
  const needs = { ...options, purpose: 'qhub db backup restore --drop-old', mustExist: true };
  const dropped = await atPlace(needs, (place) => dropKept(place.admin));
  const text = dropped.length === 0 ? 'There is no database to drop.' : `Dropped ${dropped.join(', ')}.`;
  printResult(options, { dropped }, text);
}

function textOf(backup: string, restored: Restored): string {
  const { database, kept, compared, migrations, pending, warnings } = restored;
  return [
    `The database ${database} is now that of ${backup}${compared ? ', as its manifest says' : ''}.`,
    ...(kept ? [`The old one is kept as ${kept}; \`npx qhub db backup restore --drop-old\` drops it.`] : []),
    ...(migrations.length ? [`${counted(migrations.length, 'migration')} applied.`] : []),
    ...(pending
      ? [`${counted(pending, 'migration')} of this code is pending: npx qhub db migration up`]
      : []),
    ...warnings.map(({ sentence, statement }) => `Note: ${sentence}: ${statement}`),
  ].join('\n');
}
