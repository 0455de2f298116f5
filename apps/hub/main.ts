import {
  ConfigError,
  type DatabaseConfig,
  holdHub,
  readDatabaseConfig,
  serverStatus,
} from '@quantum-hub/database/admin';
import { isHubError, onStopSignal, type StopSignal } from '@quantum-hub/kernel';
import { type HubArguments, isWhole, readArguments, UsageError, usage } from './command-line.ts';
import { type Hub, type HubOptions, startHub } from './hub.ts';
import { createLog, type Say } from './log.ts';
import { administratorText, readyFacts, readyText } from './ready-text.ts';
import { type HubSettings, readHubSettings } from './settings.ts';

/**
 * `npm start` and `npx qhub serve`: brings the hub up and keeps it up until a signal. Exit code 0 after a clean stop, 1
 * after a fault, 2 when called wrongly, 130 when forced.
 */
export async function main(words: readonly string[]): Promise<void> {
  try {
    const args = readArguments(words);
    if (args === 'help') process.stdout.write(usage);
    else await start(args);
  } catch (error) {
    process.stderr.write(`Quantum Hub did not start: ${sentenceOf(error)}\n`);
    if (process.env.QHUB_DEBUG) process.stderr.write(`${(error as Error).stack}\n`);
    process.exitCode = error instanceof UsageError ? 2 : 1;
  }
}

async function start(args: HubArguments): Promise<void> {
  const { config, settings } = readBoth();
  const terminal = process.stdout.isTTY === true;
  const log = createLog({ level: settings.logLevel, terminal });
  // On a terminal sentences are for the person before it; elsewhere they are lines of the log.
  const say: Say = terminal
    ? (line) => process.stdout.write(`${line}\n`)
    : (line, severity = 'info') => log[severity](line.trim());
  for (const notice of config.notices) say(`Note: ${notice}.`);
  const options: HubOptions = { config, settings, args, log, say };
  // Several hubs may share a server of the operator's; a folder with an embedded one has one whole hub, and parts beside it.
  const alone = config.kind === 'embedded' && isWhole(args);
  await (alone ? holdHub(config.home, () => run(options, terminal)) : run(options, terminal));
}

/** Faults of both kinds of settings are told at once. */
function readBoth(): { config: DatabaseConfig; settings: HubSettings } {
  const read = <Value>(what: () => Value): { value?: Value; error?: unknown } => {
    try {
      return { value: what() };
    } catch (error) {
      return { error };
    }
  };
  const config = read(readDatabaseConfig);
  const settings = read(readHubSettings);
  if (config.value && settings.value) return { config: config.value, settings: settings.value };
  const errors = [config.error, settings.error].filter((error) => error !== undefined);
  if (errors.length === 1) throw errors[0];
  throw new Error(errors.map(sentenceOf).join('; and '));
}

async function run(options: HubOptions, terminal: boolean): Promise<void> {
  const { say, log } = options;
  const { promise: stopping, resolve } = Promise.withResolvers<StopSignal>();
  using _signals = onStopSignal(resolve, () => {
    say('Stopped at once: what was open is rolled back.');
    process.exit(130);
  });
  await using hub = await startHub(options);
  if (terminal) say(readyText(hub));
  else {
    log.info(readyFacts(hub), 'Quantum Hub is up');
    // Beside the log, for whoever starts a hub for the first time without a terminal.
    process.stderr.write(administratorText(hub.administrator));
  }
  const signal = await staysUp(stopping);
  say(`\n${signal === 'SIGINT' ? 'Ctrl-C' : signal}: finishing what is in flight; once more stops at once.`);
  await farewell(hub, say);
}

/** Signal handlers alone don't keep a process alive. */
async function staysUp(stopping: Promise<StopSignal>): Promise<StopSignal> {
  const keepAlive = setInterval(() => {}, 2 ** 30);
  try {
    return await stopping;
  } finally {
    clearInterval(keepAlive);
  }
}

async function farewell(hub: Hub, say: (line: string) => void): Promise<void> {
  const { stopped } = await hub.close();
  say(
    stopped
      ? 'Quantum Hub and its PostgreSQL were stopped; the data is kept.'
      : `Quantum Hub was stopped; ${databaseAfter(hub.place.config)}.`,
  );
}

function databaseAfter(config: DatabaseConfig): string {
  if (config.kind === 'server') return 'the server goes on';
  const { state, kept } = serverStatus(config);
  if (state !== 'running') return 'its PostgreSQL was down already';
  return kept
    ? 'its PostgreSQL goes on until `npx qhub db server stop`'
    : 'its PostgreSQL goes on, since others use it';
}

function sentenceOf(error: unknown): string {
  if (error instanceof ConfigError && error.faults.length === 1)
    return `the database settings are wrong: ${error.faults[0]}`;
  if (isHubError(error)) return error.message;
  return error instanceof Error ? error.message : String(error);
}
