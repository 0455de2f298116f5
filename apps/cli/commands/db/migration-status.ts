import { type MigrationState, migrationStatesAt } from '@quantum-hub/database/admin';
import { Command } from 'commander';
import { exitCodes, SilentExit } from '../../faults.ts';
import { counted, type OutputOptions, printResult } from '../../output.ts';
import { atPlace } from '../at-place.ts';

const about = `
Shows each migration of this code and of the database, and changes nothing. It ends with exit code 1
where they do not fit together; migrations that are merely pending are no trouble.

  applied        the database has had it, as its file stands
  pending        \`npx qhub db migration up\` applies it
  unfinished     begun without a transaction and cut off; \`up\` goes on with it
  changed        its file was edited after it was applied
  missing        the database has had it, but its files are gone
  newer          the database has had it, and this code is older
  out of order   it stands before one that the database has had

Examples:
  npx qhub db migration status
  npx qhub db migration status --json          { "migrations": [...], "pending": 1, "trouble": false }`;

const harmless = ['applied', 'pending'];

export function statusCommand(): Command {
  return new Command('status')
    .description('Which migrations the database has had.')
    .option('--json', 'print JSON')
    .addHelpText('after', about)
    .action(async (options: OutputOptions) => {
      const migrations = await atPlace(
        { ...options, purpose: 'qhub db migration status', mustExist: true },
        (place) => migrationStatesAt(place, 'qhub-db-migration'),
      );
      const pending = migrations.filter(({ state }) => state === 'pending').length;
      const trouble = migrations.some(({ state }) => !harmless.includes(state));
      const lines = [...migrations.map(line), `${counted(pending, 'migration')} pending.`];
      printResult(options, { migrations, pending, trouble }, lines.join('\n'));
      if (trouble) throw new SilentExit(exitCodes.failed);
    });
}

function line({ name, state, appliedAt, durationMs }: MigrationState): string {
  const when = appliedAt === null ? '' : `  ${appliedAt.toISOString().slice(0, 19)}Z`;
  const took = durationMs === null ? '' : ` (${durationMs} ms)`;
  return `  ${state.padEnd(12)}  ${name}${when}${took}`;
}
