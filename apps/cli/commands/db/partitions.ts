import { createPartitionsAt } from '@quantum-hub/database/admin';
import { Command } from 'commander';
import { usageFault } from '../../faults.ts';
import { counted, type OutputOptions, printResult } from '../../output.ts';
import { atPlace } from '../at-place.ts';
import { detachCommand } from './partitions-detach.ts';
import { statusCommand } from './partitions-status.ts';

const examples = `
Jobs and results lie in one partition a month; a job whose month has no partition is refused. The hub makes
them a year ahead at its start and daily while it runs. What exists is left alone, what was detached stays away.

Examples:
  npx qhub db partitions create
  npx qhub db partitions create --months-ahead 24 --json`;

const mostMonths = 120;

interface CreateOptions extends OutputOptions {
  readonly monthsAhead?: string;
}

export function partitionsCommand(): Command {
  return new Command('partitions')
    .description('The monthly partitions of jobs and results.')
    .addCommand(statusCommand())
    .addCommand(createCommand())
    .addCommand(detachCommand());
}

function createCommand(): Command {
  return new Command('create')
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
}

function monthsOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (/^\d{1,3}$/.test(text) && Number(text) <= mostMonths) return Number(text);
  throw usageFault(
    `--months-ahead is "${text}"; expected a whole number from 0 to ${mostMonths}`,
    'npx qhub db partitions create --help',
  );
}
