import { detachPartitionsAt, duePartitionsAt } from '@quantum-hub/database/admin';
import { Command } from 'commander';
import { usageFault } from '../../faults.ts';
import { counted, type OutputOptions, printResult } from '../../output.ts';
import { withProgress } from '../../progress.ts';
import { atPlace } from '../at-place.ts';

const examples = `
Takes the months of jobs and results that lie wholly before the last N months out of their tables, oldest first,
and moves them to the schema "archive", where only the owner and backups read them. Nothing is deleted. A month
with an unfinished job is refused. Others go on reading and writing meanwhile. Safe to run twice, at once, and
again after a crash. It needs a direct connection: not one through a pooler that shares sessions.

Examples:
  npx qhub db partitions detach --older-than 24
  npx qhub db partitions detach --older-than 24 --dry-run
  npx qhub db partitions detach --older-than 24 --json     { "archived": [...] }`;

const purpose = 'qhub db partitions detach';
const service = 'qhub-db-partitions';
const mostMonths = 1200;

interface DetachOptions extends OutputOptions {
  readonly olderThan: string;
  readonly dryRun?: boolean;
}

export function detachCommand(): Command {
  return new Command('detach')
    .description('Move the months older than a number of months to the schema "archive".')
    .requiredOption('--older-than <months>', `whole months that stay besides this one, 1 to ${mostMonths}`)
    .option('--dry-run', 'only list what would be moved')
    .option('--json', 'print JSON')
    .addHelpText('after', examples)
    .action(async (options: DetachOptions) => {
      const keepMonths = monthsOf(options.olderThan);
      await (options.dryRun ? listDue(options, keepMonths) : detach(options, keepMonths));
    });
}

async function listDue(options: DetachOptions, keepMonths: number): Promise<void> {
  const due = await atPlace({ ...options, purpose, mustExist: true }, (place) =>
    duePartitionsAt(place, service, keepMonths),
  );
  const text = due.length
    ? `Would move ${counted(due.length, 'partition')}: ${due.join(', ')}.`
    : 'Nothing is due.';
  printResult(options, { due }, text);
}

async function detach(options: DetachOptions, keepMonths: number): Promise<void> {
  const archived = await withProgress(options, ({ line, step }) =>
    atPlace({ ...options, purpose, mustExist: true }, (place) =>
      detachPartitionsAt(place, service, {
        keepMonths,
        onArchived: (name) => line(`Moved to ${name}.`),
        onStep: step,
      }),
    ),
  );
  const text = archived.length
    ? `Moved ${counted(archived.length, 'partition')} to the schema "archive".`
    : 'Nothing is due.';
  printResult(options, { archived }, text);
}

function monthsOf(text: string): number {
  if (/^\d{1,4}$/.test(text) && Number(text) >= 1 && Number(text) <= mostMonths) return Number(text);
  throw usageFault(
    `--older-than is "${text}"; expected a whole number of months from 1 to ${mostMonths}`,
    'npx qhub db partitions detach --help',
  );
}
