import {
  type DatabaseConfig,
  readDatabaseConfig,
  type ServerStatus,
  serverAddress,
  serverStatus,
  startServer,
  stopServer,
} from '@quantum-hub/database/admin';
import { hubError } from '@quantum-hub/kernel';
import { Command } from 'commander';
import { counted, facts, type OutputOptions, printResult, progressTo } from '../../output.ts';

const examples = `
The embedded server keeps its data, log and passwords in .quantum-hub/ (or QHUB_HOME) and listens
on this machine only, on port 54320 or the next free one, or on POSTGRES_PORT and no other.

Examples:
  npx qhub db server start             it stays up until it is stopped
  npx qhub db server status --json
  npx qhub db server stop              whatever is open is rolled back`;

export function serverCommand(): Command {
  const server = new Command('server').description('The embedded PostgreSQL of this checkout.');
  server.addHelpText('after', examples);
  const actions = [
    { name: 'start', about: 'Start it, to stay up.', action: start },
    { name: 'stop', about: 'Stop it, whoever uses it.', action: stop },
    { name: 'status', about: 'Show how it stands; exit code 0 also when it is down.', action: status },
  ];
  for (const { name, about, action } of actions) {
    server
      .command(name)
      .description(about)
      .option('--json', 'print JSON')
      .addHelpText('after', examples)
      .action(action);
  }
  return server;
}

function embedded(): DatabaseConfig & { kind: 'embedded' } {
  const config = readDatabaseConfig();
  if (config.kind === 'embedded') return config;
  throw hubError('database.not_embedded', { address: serverAddress(config) ?? '' });
}

async function start(options: OutputOptions): Promise<void> {
  const { home, port } = embedded();
  const server = await startServer({ home, port, onProgress: progressTo(options) });
  const state = server.startedHere ? 'is up' : 'was up already';
  printResult(
    options,
    { startedHere: server.startedHere, ...statusJson(serverStatus({ home })) },
    `PostgreSQL ${server.version} ${state} at ${server.host}:${server.port} and stays until \`npx qhub db server stop\`.`,
  );
}

async function stop(options: OutputOptions): Promise<void> {
  const { home } = embedded();
  const { stopped, users } = await stopServer({ home, onProgress: progressTo(options) });
  const lost = users.length
    ? ` It was used by ${users.map(({ purpose, pid }) => `${purpose} (process ${pid})`).join(', ')}.`
    : '';
  const text = stopped
    ? `The embedded PostgreSQL was stopped.${lost}`
    : 'The embedded PostgreSQL is not running.';
  printResult(options, { stopped, users: users.map(({ pid, purpose }) => ({ pid, purpose })) }, text);
}

async function status(options: OutputOptions): Promise<void> {
  const found = serverStatus({ home: embedded().home });
  printResult(options, statusJson(found), statusText(found));
}

function statusJson({ fault, users, startedAt, ...rest }: ServerStatus) {
  return {
    ...rest,
    startedAt: startedAt?.toISOString(),
    users: users.map(({ pid, purpose }) => ({ pid, purpose })),
    fault: fault ? { code: fault.code, message: fault.message } : null,
  };
}

function statusText(status: ServerStatus): string {
  const { state, version, host, port, pid, startedAt, kept, users, dataDir, logFile, fault, home } = status;
  if (state === 'absent') {
    return `There is no embedded PostgreSQL in ${home} yet: \`npm start\` or \`npx qhub db server start\` makes one.`;
  }
  const up = pid !== undefined;
  const stays = kept ? 'until `npx qhub db server stop`' : 'as long as it is used';
  const who = users.map(({ purpose, pid }) => `${purpose} (process ${pid})`).join(', ');
  return [
    `The embedded PostgreSQL ${version ?? ''} is ${state}.`,
    facts([
      [up ? 'address' : 'last port', up ? `${host}:${port}` : port?.toString()],
      ['process', up ? `${pid}, since ${startedAt?.toISOString() ?? 'a moment ago'}` : undefined],
      ['stays', up ? stays : undefined],
      ['users', up ? (users.length ? `${counted(users.length, 'command')}: ${who}` : 'none') : undefined],
      ['data', dataDir],
      ['log', logFile],
      ['fault', fault?.message],
    ]),
  ].join('\n');
}
