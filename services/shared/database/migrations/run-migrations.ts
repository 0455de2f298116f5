/** `npx run-migrations [--sql]`: brings the configured database up to this code. `npx qhub db migration` can more. */
import { parseArgs } from 'node:util';
import { isHubError } from '@quantum-hub/kernel';
import { readDatabaseConfig } from '../config.ts';
import { openPlace } from '../setup/database-place.ts';
import { migratePlace } from '../setup/migrate-place.ts';
import { migrationSql } from '../setup/print-migrations.ts';

const help = `Usage: npx run-migrations [--sql] [--json]

Applies the migrations that the database has not had; makes the database and its roles first where
they are missing. The same as \`npx qhub db migration up\`, which has more options, and beside which
there are down, status, resolve and baseline.

Options:
  --sql     print a script for psql instead of applying; opens no connection
  --json    print JSON
  --help    this text

Examples:
  npx run-migrations
  npx run-migrations --sql > up.sql      then: psql -d DATABASE -f up.sql

Exit codes: 0 done, 1 failed, 2 called wrongly.
`;

/** Runs the command and sets the exit code. `args` is what stands after its name. */
export async function main(args: readonly string[]): Promise<void> {
  const options = readOptions(args);
  if (options === undefined) return;
  try {
    if (options.help) process.stdout.write(help);
    else if (options.sql) printScript(options.json);
    else await apply(options.json);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const code = isHubError(error) ? error.code : 'kernel.unexpected';
    tell(options.json ? JSON.stringify({ error: { code, message } }) : `run-migrations: ${message}`);
    process.exitCode = 1;
  }
}

function readOptions(args: readonly string[]) {
  const flag = { type: 'boolean', default: false } as const;
  try {
    return parseArgs({ args: [...args], options: { sql: flag, json: flag, help: { ...flag, short: 'h' } } })
      .values;
  } catch (error) {
    tell(`run-migrations: ${(error as Error).message}; see \`npx run-migrations --help\``);
    process.exitCode = 2;
    return undefined;
  }
}

function printScript(json: boolean): void {
  const sql = migrationSql(readDatabaseConfig(), 'up', {});
  process.stdout.write(json ? `${JSON.stringify({ sql })}\n` : sql);
}

async function apply(json: boolean): Promise<void> {
  const config = readDatabaseConfig();
  const onProgress = json ? () => {} : tell;
  for (const notice of config.notices) onProgress(`Note: ${notice}.`);
  await using place = await openPlace(config, { purpose: 'run-migrations', onProgress, mustExist: true });
  const done = await migratePlace(place, 'run-migrations', {
    onProgress,
    onApplied: (name, tookMs) => onProgress(`Applied ${name} (${tookMs} ms).`),
  });
  const { migrations, partitions } = done;
  const text = `Applied ${migrations.length} migrations, made ${partitions.length} partitions.`;
  process.stdout.write(`${json ? JSON.stringify(done) : text}\n`);
}

function tell(line: string): void {
  process.stderr.write(`${line}\n`);
}
