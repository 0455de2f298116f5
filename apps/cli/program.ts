import { Command } from 'commander';
import { backfillCommand } from './commands/db/backfill.ts';
import { healthCommand } from './commands/db/health.ts';
import { migrationCommand } from './commands/db/migration.ts';
import { partitionsCommand } from './commands/db/partitions.ts';
import { provisionCommand } from './commands/db/provision.ts';
import { psqlCommand } from './commands/db/psql.ts';
import { serverCommand } from './commands/db/server.ts';
import { isHelp, usageFault } from './faults.ts';

const about = `
Exit codes: 0 done, 1 failed, 2 called wrongly, 130 interrupted.
With --json a result is one JSON document on standard output, and a fault
{ "error": { "code", "message" } } on standard error; docs/errors/ explains the codes.
QHUB_DEBUG=1 adds a stack trace to a fault.`;

const aboutDatabase = `
The database is the embedded server of this checkout, which a command starts for as long
as it runs; or any server that POSTGRES_HOST or DATABASE_URL names (README.md, "Settings").

Examples:
  npx qhub db psql                     a SQL prompt
  npx qhub db health                   is everything as it should be?
  npx qhub db server start             keep the embedded server up
  npx qhub db provision                prepare an empty database for migrations`;

/** The whole command line, made anew for each run. */
export function program(): Command {
  const database = new Command('db').description('The database: server, prompt, provisioning, upkeep.');
  database.addHelpText('after', aboutDatabase);
  for (const command of [
    serverCommand(),
    psqlCommand(),
    provisionCommand(),
    migrationCommand(),
    partitionsCommand(),
    backfillCommand(),
    healthCommand(),
  ]) {
    database.addCommand(command);
  }
  const root = new Command('qhub').description('The command line of Quantum Hub.').addCommand(database);
  root.addHelpText('after', about);
  quieten(root);
  return root;
}

/** Faults are told in one place, `reportFault`, and not by commander; they name the help of their own command. */
function quieten(command: Command, path = `npx ${command.name()}`): void {
  command.configureOutput({ outputError: () => {} }).exitOverride((error) => {
    throw isHelp(error) ? error : usageFault(sentence(error.message), `${path} --help`);
  });
  for (const child of command.commands) quieten(child, `${path} ${child.name()}`);
}

/** Commander's `error: unknown option '--jsno'` with `(Did you mean --json?)` on a line of its own. */
function sentence(message: string): string {
  return message
    .replace(/^error: /, '')
    .replace(/\s*\n\s*/g, ' ')
    .replace(/\.$/, '');
}
