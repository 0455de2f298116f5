import { readFileSync } from 'node:fs';
import { Command } from 'commander';
import { isHelp, usageFault } from './faults.ts';

const about = `
Exit codes: 0 done, 1 failed, 2 called wrongly, 130 interrupted.
With --json a result is one JSON document on standard output, and a fault
{ "error": { "code", "message" } } on standard error; docs/errors/ explains the codes.
QHUB_DEBUG=1 adds a stack trace to a fault.`;

/** Loaded when called: a program is simulated in less time than the database's models take to load. */
const groups: readonly { name: string; description: string; load(): Promise<Command> }[] = [
  {
    name: 'signup',
    description: 'Make an account on a hub, and sign in to it.',
    load: async () => (await import('./commands/hub/sign-in.ts')).signUpCommand(),
  },
  {
    name: 'login',
    description: 'Sign in to a hub.',
    load: async () => (await import('./commands/hub/sign-in.ts')).loginCommand(),
  },
  {
    name: 'logout',
    description: 'End the session on the hub and forget it here.',
    load: async () => (await import('./commands/hub/sign-in.ts')).logoutCommand(),
  },
  {
    name: 'whoami',
    description: 'Who you are on the hub.',
    load: async () => (await import('./commands/hub/sign-in.ts')).whoamiCommand(),
  },
  {
    name: 'account',
    description: 'Your account: address, password, export, deletion.',
    load: async () => (await import('./commands/hub/account.ts')).accountCommand(),
  },
  {
    name: 'sessions',
    description: 'Where you are signed in.',
    load: async () => (await import('./commands/hub/sessions.ts')).sessionsCommand(),
  },
  {
    name: 'audit',
    description: 'What was done to your account, by whom and from where.',
    load: async () => (await import('./commands/hub/audit.ts')).auditCommand(),
  },
  {
    name: 'keys',
    description: 'API keys: for programs that act for you.',
    load: async () => (await import('./commands/hub/keys.ts')).keysCommand(),
  },
  {
    name: 'run',
    description: 'Run a quantum program on a device of the hub.',
    load: async () => (await import('./commands/hub/run.ts')).runCommand(),
  },
  {
    name: 'jobs',
    description: 'Your jobs on the hub.',
    load: async () => (await import('./commands/hub/jobs.ts')).jobsCommand(),
  },
  {
    name: 'results',
    description: 'The result of a job.',
    load: async () => (await import('./commands/hub/results.ts')).resultsCommand(),
  },
  {
    name: 'simulate',
    description: 'Run a quantum program on a simulator of this machine.',
    load: async () => (await import('./commands/programs/simulate.ts')).simulateCommand(),
  },
  {
    name: 'qasm',
    description: 'OpenQASM programs: check, format, count, draw.',
    load: async () => (await import('./commands/programs/qasm.ts')).qasmCommand(),
  },
  {
    name: 'devices',
    description: 'The devices of the hub, and the simulators of this machine.',
    load: async () => (await import('./commands/devices.ts')).devicesCommand(),
  },
  {
    name: 'users',
    description: 'All accounts and their roles (administrators).',
    load: async () => (await import('./commands/hub/users.ts')).usersCommand(),
  },
  {
    name: 'mail',
    description: 'The outbox: mails that a hub without a mail server could not send (operators).',
    load: async () => (await import('./commands/hub/mail.ts')).mailCommand(),
  },
  {
    name: 'doctor',
    description: 'Is everything as it should be, and what to do where it is not.',
    load: async () => (await import('./commands/host/doctor.ts')).doctorCommand(),
  },
  {
    name: 'admin',
    description: 'For whoever holds the host: a new key for an administrator.',
    load: async () => (await import('./commands/host/admin.ts')).adminCommand(),
  },
  {
    name: 'serve',
    description: 'Run the hub, or one part of it: --role api, worker or scheduler.',
    load: async () => (await import('./commands/serve.ts')).serveCommand(),
  },
  {
    name: 'db',
    description: 'The database: server, prompt, provisioning, upkeep.',
    load: async () => (await import('./commands/db/database.ts')).databaseCommand(),
  },
];

/**
 * The command line, made anew for each run, with the commands that `args` need; the others are there by name only.
 *
 * @param args what stands after `qhub`; undefined: everything
 */
export async function program(args?: readonly string[]): Promise<Command> {
  const root = new Command('qhub').description('The command line of Quantum Hub.');
  const { version } = JSON.parse(readFileSync(`${import.meta.dirname}/package.json`, 'utf8'));
  root.version(version, '-V, --version', 'print the version');
  const all = args === undefined || args[0] === 'help';
  for (const { name, description, load } of groups) {
    root.addCommand(all || args[0] === name ? await load() : new Command(name).description(description));
  }
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
