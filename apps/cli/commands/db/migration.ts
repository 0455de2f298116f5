import { migratePlace } from '@quantum-hub/database/admin';
import { Command } from 'commander';
import { counted, type OutputOptions, printResult, progressTo } from '../../output.ts';
import { atPlace } from './at-place.ts';

const examples = `
The partitions and the reference data that the migrated tables need are made too. Each migration
is one transaction; one that fails leaves nothing behind. Safe to run again, and by several at once.

Examples:
  npx qhub db migration up
  npx qhub db migration up --json      { "migrations": [...], "partitions": [...] }`;

export function migrationCommand(): Command {
  const up = new Command('up')
    .description('Apply the migrations that the database has not had.')
    .option('--json', 'print JSON')
    .addHelpText('after', examples)
    .action(async (options: OutputOptions) => {
      const progress = progressTo(options);
      const done = await atPlace({ ...options, purpose: 'qhub db migration up', mustExist: true }, (place) =>
        migratePlace(place, 'qhub-db-migration', (name, tookMs) =>
          progress(`Applied ${name} (${tookMs} ms).`),
        ),
      );
      const { migrations, partitions } = done;
      const applied = migrations.length
        ? `Applied ${counted(migrations.length, 'migration')}`
        : 'The database has every migration already';
      const made = partitions.length ? `, made ${counted(partitions.length, 'partition')}` : '';
      printResult(options, done, `${applied}${made}.`);
    });
  return new Command('migration').description('Bring the database up to this code.').addCommand(up);
}
