import { listBackfillsAt, pauseBackfillAt } from '@quantum-hub/database/admin';
import { Command } from 'commander';
import { usageFault } from '../../faults.ts';
import { type OutputOptions, printResult } from '../../output.ts';
import { atPlace } from '../at-place.ts';
import { resumeCommand, runCommand } from './backfill-run.ts';
import { backfillTable, backfillText } from './backfill-text.ts';

const about = `
A backfill changes the data of a large table in small batches while the hub runs. It keeps its place in the
database: a run that was paused or killed is gone on with, and no row is changed twice or left out.
They are declared in services/shared/database/backfill/backfills/.

Examples:
  npx qhub db backfill list
  npx qhub db backfill run NAME`;

const listExamples = `
Examples:
  npx qhub db backfill list
  npx qhub db backfill list --json`;

const statusExamples = `
"interrupted" is a run whose process is gone: run it again, and it goes on.

Examples:
  npx qhub db backfill status NAME
  npx qhub db backfill status NAME --json`;

const pauseExamples = `
The run stops after the batch that it is at, whichever process it is in; \`resume\` goes on.

Examples:
  npx qhub db backfill pause NAME`;

const service = 'qhub-db-backfill';

export function backfillCommand(): Command {
  return new Command('backfill')
    .description('Changes of data in batches: run, follow, pause, resume.')
    .addHelpText('after', about)
    .addCommand(listCommand())
    .addCommand(statusCommand())
    .addCommand(runCommand())
    .addCommand(pauseCommand())
    .addCommand(resumeCommand());
}

function listCommand(): Command {
  return new Command('list')
    .description('Show the backfills of this code and those that the database knows.')
    .option('--json', 'print JSON')
    .addHelpText('after', listExamples)
    .action(async (options: OutputOptions) => {
      const needs = { ...options, purpose: 'qhub db backfill list', mustExist: true };
      const backfills = await atPlace(needs, (place) => listBackfillsAt(place, service));
      printResult(options, { backfills }, backfillTable(backfills));
    });
}

function statusCommand(): Command {
  return new Command('status')
    .description('Show how far a backfill is.')
    .argument('<name>', 'as `list` shows it')
    .option('--json', 'print JSON')
    .addHelpText('after', statusExamples)
    .action(async (name: string, options: OutputOptions) => {
      const needs = { ...options, purpose: 'qhub db backfill status', mustExist: true };
      const backfills = await atPlace(needs, (place) => listBackfillsAt(place, service));
      const found = backfills.find((backfill) => backfill.name === name);
      if (!found) throw usageFault(`there is no backfill "${name}"`, 'npx qhub db backfill list');
      printResult(options, found, backfillText(found));
    });
}

function pauseCommand(): Command {
  return new Command('pause')
    .description('Stop a run after its batch.')
    .argument('<name>', 'as `list` shows it')
    .option('--json', 'print JSON')
    .addHelpText('after', pauseExamples)
    .action(async (name: string, options: OutputOptions) => {
      const needs = { ...options, purpose: 'qhub db backfill pause', mustExist: true };
      await atPlace(needs, (place) => pauseBackfillAt(place, service, name));
      printResult(options, { name, status: 'paused' }, `Paused ${name}; resume it to go on.`);
    });
}
