import { checkPlace } from '@quantum-hub/database/admin';
import { Command } from 'commander';
import { exitCodes, SilentExit } from '../../faults.ts';
import { counted, type OutputOptions, printResult } from '../../output.ts';
import { withProgress } from '../../progress.ts';
import { atPlace } from '../at-place.ts';

const about = `
Compares the database with one that all migrations make on a throw-away server, and that with the models:
tables, columns, constraints, indexes, triggers, policies, functions, grants, owners, extensions, storage
parameters; also foreign keys without an index. Changes nothing. Partitions made at run time are no drift.
Exit code 0 without drift, 1 with some.

Examples:
  npx qhub db migration check
  npx qhub db migration check --json    { "ok", "differences": [{ "kind", "object", "sentence", ... }] }`;

export function checkCommand(): Command {
  return new Command('check')
    .description('Find what separates the database, the migrations and the models.')
    .option('--json', 'print JSON')
    .addHelpText('after', about)
    .action(async (options: OutputOptions) => {
      const purpose = 'qhub db migration check';
      const report = await withProgress(options, ({ line, step }) =>
        atPlace({ ...options, purpose, mustExist: true }, (place) =>
          checkPlace(place, 'qhub-db-migration', { onProgress: line, onStep: step }),
        ),
      );
      const { differences, note } = report;
      const ok = differences.length === 0;
      const lines = differences.map(({ sentence }) => `- ${sentence}`);
      const summary = ok
        ? 'The database, the migrations and the models are the same.'
        : `${counted(differences.length, 'difference')}. Bring the database back, or write a migration.`;
      const notes = note === undefined ? [] : [`Note: ${note}.`];
      printResult(options, { ok, ...report }, [...lines, ...notes, summary].join('\n'));
      if (!ok) throw new SilentExit(exitCodes.failed);
    });
}
