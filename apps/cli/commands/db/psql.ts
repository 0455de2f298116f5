import {
  actingNames,
  applicationRoles,
  type ConnectionSettings,
  connectAdmin,
  ownerRole,
  roleOf,
} from '@quantum-hub/database/admin';
import { hubError, isUuid } from '@quantum-hub/kernel';
import { Command } from 'commander';
import { SilentExit, usageFault } from '../../faults.ts';
import type { PromptScope } from '../../psql/prompt-scope.ts';
import { findProgram, runPsql } from '../../psql/run-psql.ts';
import { runPrompt } from '../../sql-prompt/run-prompt.ts';
import { placeFor } from '../at-place.ts';

const names: readonly string[] = [...actingNames, 'owner'];
const help = 'npx qhub db psql --help';

const examples = `
Opens psql where there is one on PATH, else a small prompt of its own (\\? there for help).
The application's login has no rights of its own: take a role with --as, and a user's rows with
--actor, as the services do. What stands after -- goes to psql. Piped SQL stops at its first error.

Examples:
  npx qhub db psql --as execution
  npx qhub db psql --admin -- -c '\\dt *.*'
  echo 'select now();' | npx qhub db psql`;

interface PsqlOptions {
  readonly as?: string;
  readonly actor?: string;
  readonly admin?: boolean;
}

export function psqlCommand(): Command {
  return new Command('psql')
    .description('A SQL prompt at the database.')
    .argument('[args...]', 'for psql, after --')
    .option('--as <role>', `act as a role: ${names.join(', ')}`)
    .option('--actor <user>', 'the id of the user whose rows are seen')
    .option('--admin', 'log in as the administrator')
    .addHelpText('after', examples)
    .action(psql);
}

async function psql(args: readonly string[], options: PsqlOptions): Promise<void> {
  const scope = scopeOf(options);
  const program = findProgram('psql');
  if (!program && args.length > 0) {
    throw usageFault(
      `there is no psql on PATH that could take ${args.join(' ')}: install it, or leave them out`,
      help,
    );
  }
  // Ctrl-C belongs to the prompt, which stops a statement by it; only before there is one it ends the command.
  let interrupted = false;
  const onInterrupt = () => {
    interrupted = true;
  };
  process.on('SIGINT', onInterrupt);
  try {
    await using place = await placeFor({ purpose: 'qhub db psql', mustExist: true });
    if (interrupted) throw hubError('kernel.interrupted', { signal: 'SIGINT' });
    const settings: ConnectionSettings = options.admin ? place.admin : place.application;
    // psql would tell of a wrong password in its own words, and not what to do here.
    await (await connectAdmin(settings, { service: 'qhub-db-psql' })).close();
    if (!scope.role && !options.admin) remindOfRoles();
    const code = program ? await runPsql(program, settings, scope, args) : await runPrompt(settings, scope);
    if (code !== 0) throw new SilentExit(code);
  } finally {
    process.off('SIGINT', onInterrupt);
  }
}

function scopeOf({ as, actor, admin }: PsqlOptions): PromptScope {
  if (as !== undefined && !names.includes(as)) {
    throw usageFault(`--as is "${as}"; expected one of ${names.join(', ')}`, help);
  }
  if (actor !== undefined && !isUuid(actor)) {
    throw usageFault(`--actor is "${actor}"; expected the id of a user (a UUID)`, help);
  }
  const role =
    as === undefined ? undefined : as === 'owner' ? ownerRole : roleOf(as as (typeof actingNames)[number]);
  if (role !== undefined && !admin && !applicationRoles.includes(role)) {
    throw usageFault(`--as ${as} is for the administrator only: add --admin`, help);
  }
  return { role, actor };
}

function remindOfRoles(): void {
  if (!process.stdin.isTTY) return;
  process.stderr.write(
    'You are the application, which has rights only as one of its roles: `set role qhub_execution;`, or start with --as.\n',
  );
}
