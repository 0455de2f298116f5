import { type Repair, repairMigrations } from '@quantum-hub/database/admin';
import { Command } from 'commander';
import { usageFault } from '../../faults.ts';
import { counted, type OutputOptions, printResult } from '../../output.ts';
import { atPlace } from '../at-place.ts';

const aboutResolve = `
Corrects what the database remembers of one migration, after somebody looked what it really has;
runs no migration. --applied records it as its file stands now, also one that was edited since.

Examples:
  npx qhub db migration resolve --applied 20261122T170300_queue_storage
  npx qhub db migration resolve --rolled-back 20261122T170300_queue_storage`;

const aboutBaseline = `
Records all migrations up to NAME as applied without running them, for a database that got their
changes otherwise. Refused where later migrations were applied already.

Examples:
  npx qhub db migration baseline 20261122T170300_queue_storage`;

interface ResolveOptions extends OutputOptions {
  readonly applied?: string;
  readonly rolledBack?: string;
}

export function resolveCommand(): Command {
  return new Command('resolve')
    .description('Correct what is recorded of one migration.')
    .option('--applied <name>', 'the database has its changes')
    .option('--rolled-back <name>', 'the database has none of its changes')
    .option('--json', 'print JSON')
    .addHelpText('after', aboutResolve)
    .action(async (options: ResolveOptions) => {
      const { applied, rolledBack } = options;
      if ((applied === undefined) === (rolledBack === undefined)) {
        throw usageFault(
          'resolve takes either --applied or --rolled-back',
          'npx qhub db migration resolve --help',
        );
      }
      const repair = applied === undefined ? { rolledBack: rolledBack ?? '' } : { applied };
      await record(options, 'resolve', repair, ([name]) =>
        applied === undefined ? `${name} counts as not applied.` : `${name} counts as applied.`,
      );
    });
}

export function baselineCommand(): Command {
  return new Command('baseline')
    .description('Record migrations as applied, of a database that got their changes otherwise.')
    .argument('<name>', 'the last migration whose changes the database has')
    .option('--json', 'print JSON')
    .addHelpText('after', aboutBaseline)
    .action(async (baseline: string, options: OutputOptions) => {
      await record(options, 'baseline', { baseline }, (names) =>
        names.length
          ? `${counted(names.length, 'migration')} recorded as applied.`
          : 'All were recorded already.',
      );
    });
}

async function record(
  options: OutputOptions,
  command: string,
  repair: Repair,
  text: (names: readonly string[]) => string,
): Promise<void> {
  const purpose = `qhub db migration ${command}`;
  const migrations = await atPlace({ ...options, purpose, mustExist: true }, (place) =>
    repairMigrations(place, 'qhub-db-migration', repair),
  );
  printResult(options, { migrations }, text(migrations));
}
