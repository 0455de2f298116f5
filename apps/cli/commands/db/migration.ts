import { migratePlace, migratePlaceDown } from '@quantum-hub/database/admin';
import { Command } from 'commander';
import { usageFault } from '../../faults.ts';
import { counted, printResult, progressTo } from '../../output.ts';
import { atPlace } from './at-place.ts';
import { checkCommand } from './migration-check.ts';
import { createCommand } from './migration-create.ts';
import { lintCommand } from './migration-lint.ts';
import { baselineCommand, resolveCommand } from './migration-repair.ts';
import { printScript, type RangeOptions } from './migration-sql.ts';
import { statusCommand } from './migration-status.ts';
import { verifyCommand } from './migration-verify.ts';

const aboutUp = `
Makes the database and its roles where they are missing, applies what is pending, and makes the
partitions and the reference data that the tables need. Each migration is applied whole or not at
all, by one of several runners at once; it waits for a table's lock only briefly, and tries again.

--sql prints instead of applying and opens no connection: a script for psql that provisions, leaves
out what the database has had, and records what it does. Confidential: it holds password verifiers.

Examples:
  npx qhub db migration up
  npx qhub db migration up --steps 1
  npx qhub db migration up --json               { "migrations": [...], "partitions": [...] }
  npx qhub db migration up --sql > up.sql       then: psql -d DATABASE -f up.sql`;

const aboutDown = `
Takes back the last migration, --steps of them, or those after --to NAME, newest first. Where rows
would be lost it needs --allow-data-loss. --sql prints instead, without a connection: a script for
psql that takes back all, or what --from, --to and --steps say.

Examples:
  npx qhub db migration down
  npx qhub db migration down --to 20261122T170200_separation
  npx qhub db migration down --sql > down.sql`;

export function migrationCommand(): Command {
  const up = ranged('up')
    .description('Apply the migrations that the database has not had.')
    .option('--to <name>', 'up to this one and with it')
    .addHelpText('after', aboutUp)
    .action(migrateUp);
  const down = ranged('down')
    .description('Take migrations back.')
    .option('--to <name>', 'back to this one, which stays')
    .option('--allow-data-loss', 'also where rows are lost')
    .addHelpText('after', aboutDown)
    .action(migrateDown);
  const group = new Command('migration').description('Bring the database up to this code, and back.');
  const others = [statusCommand(), resolveCommand(), baselineCommand()];
  const checks = [lintCommand(), checkCommand(), verifyCommand()];
  for (const command of [createCommand(), up, down, ...others, ...checks]) group.addCommand(command);
  return group;
}

function ranged(name: 'up' | 'down'): Command {
  return new Command(name)
    .option('--steps <n>', `how many migrations (default: ${name === 'up' ? 'all' : '1'})`)
    .option('--sql', 'print the SQL instead of running it')
    .option('--from <name>', 'with --sql: the first to print')
    .option('--pending', 'with --sql: ask the database, and print what would be done')
    .option('--json', 'print JSON');
}

async function migrateUp(options: RangeOptions): Promise<void> {
  const range = rangeOf(options, 'up');
  if (options.sql) return await printScript('up', options, range);
  const onProgress = progressTo(options);
  const onApplied = (name: string, tookMs: number) => onProgress(`Applied ${name} (${tookMs} ms).`);
  const done = await atPlace({ ...options, purpose: 'qhub db migration up', mustExist: true }, (place) =>
    migratePlace(place, 'qhub-db-migration', { ...range, onApplied, onProgress }),
  );
  const { migrations, partitions } = done;
  const applied = migrations.length
    ? `Applied ${counted(migrations.length, 'migration')}`
    : 'There was no migration to apply';
  const made = partitions.length ? `, made ${counted(partitions.length, 'partition')}` : '';
  printResult(options, done, `${applied}${made}.`);
}

async function migrateDown(options: RangeOptions & { readonly allowDataLoss?: boolean }): Promise<void> {
  const range = rangeOf(options, 'down');
  if (options.sql) return await printScript('down', options, range);
  const { allowDataLoss } = options;
  const onProgress = progressTo(options);
  const onApplied = (name: string, tookMs: number) => onProgress(`Took back ${name} (${tookMs} ms).`);
  const steps = range.steps ?? (range.to === undefined ? 1 : undefined);
  const migrations = await atPlace(
    { ...options, purpose: 'qhub db migration down', mustExist: true },
    (place) =>
      migratePlaceDown(place, 'qhub-db-migration', { ...range, steps, allowDataLoss, onApplied, onProgress }),
  );
  const text = migrations.length
    ? `Took back ${counted(migrations.length, 'migration')}.`
    : 'There was no migration to take back.';
  printResult(options, { migrations }, text);
}

function rangeOf(options: RangeOptions, direction: 'up' | 'down'): { to?: string; steps?: number } {
  const { to, steps, sql, from, pending } = options;
  const help = `npx qhub db migration ${direction} --help`;
  if (to !== undefined && steps !== undefined) throw usageFault('--to and --steps exclude each other', help);
  if (!sql && (from !== undefined || pending)) throw usageFault('--from and --pending need --sql', help);
  if (steps !== undefined && !/^[1-9]\d{0,5}$/.test(steps)) {
    throw usageFault(`--steps is "${steps}"; expected a whole number from 1`, help);
  }
  return { to, steps: steps === undefined ? undefined : Number(steps) };
}
