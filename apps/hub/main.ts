import { ConfigError, type DatabaseConfig, holdHub, readDatabaseConfig } from '@quantum-hub/database/admin';
import { isHubError, onStopSignal, type StopSignal } from '@quantum-hub/kernel';
import { type Hub, startHub } from './hub.ts';
import { readyText } from './ready-text.ts';

/** `npm start`: brings the hub up and keeps it up until a signal. Exit code 0 after a clean stop, 1 after a fault, 130 when forced. */
export async function main(): Promise<void> {
  try {
    const config = readDatabaseConfig();
    for (const notice of config.notices) say(`Note: ${notice}.`);
    // Several hubs may share a server of the operator's; a folder with an embedded one has one hub.
    await (config.kind === 'embedded' ? holdHub(config.home, () => run(config)) : run(config));
  } catch (error) {
    process.stderr.write(`Quantum Hub did not start: ${sentenceOf(error)}\n`);
    if (process.env.QHUB_DEBUG) process.stderr.write(`${(error as Error).stack}\n`);
    process.exitCode = 1;
  }
}

async function run(config: DatabaseConfig): Promise<void> {
  const { promise: stopping, resolve } = Promise.withResolvers<StopSignal>();
  using _signals = onStopSignal(resolve, () => {
    say('Stopped at once: what was open is rolled back.');
    process.exit(130);
  });
  await using hub = await startHub(config, say);
  say(readyText(hub.place.describe(), hub.prepared));
  const signal = await staysUp(stopping);
  say(`\n${signal === 'SIGINT' ? 'Ctrl-C' : signal}: finishing what is in flight; once more stops at once.`);
  await farewell(hub);
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

async function farewell(hub: Hub): Promise<void> {
  const { stopped } = await hub.close();
  const embedded = hub.place.config.kind === 'embedded';
  say(
    stopped
      ? 'Quantum Hub and its PostgreSQL were stopped; the data is kept.'
      : `Quantum Hub was stopped; ${embedded ? 'its PostgreSQL goes on, since others use it' : 'the server goes on'}.`,
  );
}

function sentenceOf(error: unknown): string {
  if (error instanceof ConfigError && error.faults.length === 1)
    return `the database settings are wrong: ${error.faults[0]}`;
  if (isHubError(error)) return error.message;
  return error instanceof Error ? error.message : String(error);
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
