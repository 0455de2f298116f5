import { Command } from 'commander';
import { backfillCommand } from './backfill.ts';
import { backupCommand } from './backup.ts';
import { healthCommand } from './health.ts';
import { migrationCommand } from './migration.ts';
import { partitionsCommand } from './partitions.ts';
import { provisionCommand } from './provision.ts';
import { psqlCommand } from './psql.ts';
import { serverCommand } from './server.ts';

const aboutDatabase = `
The database is the embedded server of this checkout, which a command starts for as long
as it runs; or any server that POSTGRES_HOST or DATABASE_URL names (README.md, "Settings").

Examples:
  npx qhub db psql                     a SQL prompt
  npx qhub db health                   is everything as it should be?
  npx qhub db server start             keep the embedded server up
  npx qhub db provision                prepare an empty database for migrations`;

/** `qhub db`. */
export function databaseCommand(): Command {
  const database = new Command('db').description('The database: server, prompt, provisioning, upkeep.');
  database.addHelpText('after', aboutDatabase);
  for (const command of [
    serverCommand(),
    psqlCommand(),
    provisionCommand(),
    migrationCommand(),
    partitionsCommand(),
    backfillCommand(),
    backupCommand(),
    healthCommand(),
  ]) {
    database.addCommand(command);
  }
  return database;
}
