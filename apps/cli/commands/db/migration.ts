import { migratePlace, migratePlaceDown } from '@quantum-hub/database/admin';
import { Command } from 'commander';
import { usageFault } from '../../faults.ts';
import { counted, printResult } from '../../output.ts';
import { withProgress } from '../../progress.ts';
import { atPlace } from '../at-place.ts';
import { checkCommand } from './migration-check.ts';
import { createCommand } from './migration-create.ts';
import { type DryRunOptions, dryRun } from './migration-dry-run.ts';
import { lintCommand } from './migration-lint.ts';
import { baselineCommand, resolveCommand } from './migration-repair.ts';
import { printScript } from './migration-sql.ts';
import { statusCommand } from './migration-status.ts';
import { verifyCommand } from './migration-verify.ts';

const aboutUp = `
Makes the database and its roles where they are missing, applies what is pending, and makes the
partitions and the reference data that the tables need. Each migration is applied whole or not at
all, by one of several runners at once; it waits for a table's lock only briefly, and tries again.

--sql prints instead of applying and opens no connection: a script for psql that provisions, leaves
out what the database has had, and records what it does. Confidential: it holds password verifiers.

--dry-run reads the database's schema, copies it to a throw-away server of the same major, and applies
there what is pending: how long each takes on tables without rows, what it locks, where one fails.

Examples:
  npx qhub db migration up
  npx qhub db migration up --steps 1
  npx qhub db migration up --dry-run
  npx qhub db migration up --dry-run --from-backup NAME      with the rows of a backup, so the times are real
  npx qhub db migration up --json               { "migrations": [...], "partitions": [...] }
  npx qhub db migration up --sql > up.sql       then: psql -d DATABASE -f up.sql`;

const aboutDown = `
Takes back the last migration, --steps of them, or those after --to NAME, newest first. Where rows
would be lost it needs --allow-data-loss. --sql prints instead, without a connection: a script for
psql that takes back all, or what --from, --to and --steps say. --dry-run does it on a copy of the
schema, on a throw-away server, and tells how long each takes, what it locks and where one fails.

Examples:
  npx qhub db migration down
  npx qhub db migration down --to 20261122T170200_separation
  npx qhub db migration down --dry-run --steps 2
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
    .option('--dry-run', "try it on a copy of the database's schema; the database is only read")
    .option('--any-major', "with --dry-run: also where there are no programs of the database's major")
    .option(
      '--from-backup <backup>',
      "with --dry-run: on a copy of a backup, with its rows; or of pg_dump's file",
    )
    .option('--json', 'print JSON');
}

async function migrateUp(options: DryRunOptions): Promise<void> {
  const range = rangeOf(options, 'up');
  if (options.sql) return await printScript('up', options, range);
  if (options.dryRun) return await dryRun('up', options, range);
  const done = await withProgress(options, ({ line, step }) =>
    atPlace({ ...options, purpose: 'qhub db migration up', mustExist: true }, (place) =>
      migratePlace(place, 'qhub-db-migration', {
        ...range,
        onApplied: (name, tookMs) => line(`Applied ${name} (${tookMs} ms).`),
        onProgress: line,
        onStep: step,
      }),
    ),
  );
  const { migrations, partitions } = done;
  const applied = migrations.length
    ? `Applied ${counted(migrations.length, 'migration')}`
    : 'There was no migration to apply';
  const made = partitions.length ? `, made ${counted(partitions.length, 'partition')}` : '';
  printResult(options, done, `${applied}${made}.`);
}

async function migrateDown(options: DryRunOptions & { readonly allowDataLoss?: boolean }): Promise<void> {
  const { to, steps } = rangeOf(options, 'down');
  if (options.sql) return await printScript('down', options, { to, steps });
  const range = { to, steps: steps ?? (to === undefined ? 1 : undefined) };
  if (options.dryRun) return await dryRun('down', options, range);
  const { allowDataLoss } = options;
  const migrations = await withProgress(options, ({ line, step }) =>
    atPlace({ ...options, purpose: 'qhub db migration down', mustExist: true }, (place) =>
      migratePlaceDown(place, 'qhub-db-migration', {
        ...range,
        allowDataLoss,
        onApplied: (name, tookMs) => line(`Took back ${name} (${tookMs} ms).`),
        onProgress: line,
        onStep: step,
      }),
    ),
  );
  const text = migrations.length
    ? `Took back ${counted(migrations.length, 'migration')}.`
    : 'There was no migration to take back.';
  printResult(options, { migrations }, text);
}

function rangeOf(options: DryRunOptions, direction: 'up' | 'down'): { to?: string; steps?: number } {
  const { to, steps, sql, from, pending, dryRun, anyMajor, fromBackup } = options;
  const help = `npx qhub db migration ${direction} --help`;
  if (to !== undefined && steps !== undefined) throw usageFault('--to and --steps exclude each other', help);
  if (!sql && (from !== undefined || pending)) throw usageFault('--from and --pending need --sql', help);
  if (sql && dryRun) throw usageFault('--sql and --dry-run exclude each other', help);
  if (anyMajor && !dryRun) throw usageFault('--any-major needs --dry-run', help);
  if (fromBackup !== undefined && !dryRun) throw usageFault('--from-backup needs --dry-run', help);
  if (steps !== undefined && !/^[1-9]\d{0,5}$/.test(steps)) {
    throw usageFault(`--steps is "${steps}"; expected a whole number from 1`, help);
  }
  return { to, steps: steps === undefined ? undefined : Number(steps) };
}
