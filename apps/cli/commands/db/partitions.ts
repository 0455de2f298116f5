import { createPartitionsAt } from '@quantum-hub/database/admin';
import { Command } from 'commander';
import { usageFault } from '../../faults.ts';
import { counted, type OutputOptions, printResult } from '../../output.ts';
import { atPlace } from './at-place.ts';

const examples = `
Jobs and results lie in one partition a month. Run this at least monthly (\`npm start\` does it too):
a job whose month has no partition is refused. What exists is left alone.

Examples:
  npx qhub db partitions create
  npx qhub db partitions create --months-ahead 24 --json`;

const mostMonths = 120;

interface CreateOptions extends OutputOptions {
  readonly monthsAhead?: string;
}

export function partitionsCommand(): Command {
  const create = new Command('create')
    .description('Make the monthly partitions that are missing.')
    .option('--months-ahead <n>', `how many months beyond this one, 0 to ${mostMonths} (default: 12)`)
    .option('--json', 'print JSON')
    .addHelpText('after', examples)
    .action(async (options: CreateOptions) => {
      const monthsAhead = monthsOf(options.monthsAhead);
      const purpose = 'qhub db partitions create';
      const created = await atPlace({ ...options, purpose, mustExist: true }, (place) =>
        createPartitionsAt(place, 'qhub-db-partitions', monthsAhead),
      );
      const text = created.length
        ? `Made ${counted(created.length, 'partition')}: ${created.join(', ')}.`
        : 'All partitions are there already.';
      printResult(options, { created }, text);
    });
  return new Command('partitions')
    .description('The monthly partitions of jobs and results.')
    .addCommand(create);
}

function monthsOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (/^\d{1,3}$/.test(text) && Number(text) <= mostMonths) return Number(text);
  throw usageFault(
    `--months-ahead is "${text}"; expected a whole number from 0 to ${mostMonths}`,
    'npx qhub db partitions create --help',
  );
}
