import { execFileSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { type HubError, hubError } from '@quantum-hub/kernel';
import { ADMIN_PASSWORD_FILE, identify, passwordLost, resetAdminPassword } from './administrator.ts';
import { type Binaries, findBinaries } from './binaries.ts';
import { keepSecret, logFileOf, readSecret, readServerFile, updateServerFile } from './home-files.ts';
import { initialiseDataDir, inspectDataDir } from './initialise.ts';
import { awaitReady, shutDown } from './launch.ts';
import { launchOnPort, socketDirOf } from './launch-on-port.ts';
import type { ServerOptions } from './options.ts';
import { type Place, preparePlace } from './place.ts';
import { findPostmaster, type PostmasterFile } from './processes.ts';
import { explainFailure } from './server-log.ts';
import { CLUSTER_NAME } from './settings.ts';
import { poll } from './wait.ts';

/** A server that takes connections, and how it came to be up. */
export type Up = {
  port: number;
  adminPassword: string;
  dataDir: string;
  socketDir: string | undefined;
  version: string;
  startedHere: boolean;
  /** Started by us, now or earlier, and not by hand: only such a one is ever stopped for want of users. */
  ours: boolean;
};

/** As PostgreSQL says it. */
const recovering = 'the database system is in recovery mode';

type BringUpOptions = ServerOptions & { keep: boolean; timeoutMs: number };

/** Adopts the home's server or starts it, the first time on fresh data. To be called under the home's lock. */
export async function bringUp(home: string, options: BringUpOptions): Promise<Up> {
  const place = preparePlace(home, options);
  const running = await findRunning(home, place.dataDir, options);
  const adopted = running && (await adopt(home, place, running, options));
  if (adopted) return adopted;
  const binaries = findBinaries(place.account, options);
  await prepareData(home, place, binaries, options);
  return await start(home, place, binaries, options);
}

async function findRunning(
  home: string,
  dataDir: string,
  { timeoutMs, onProgress }: BringUpOptions,
): Promise<PostmasterFile | undefined> {
  const found = findPostmaster(dataDir);
  if (!found || found.state === 'ready') return found;
  onProgress?.(`The embedded server is ${found.state} (process ${found.pid}); waiting for it.`);
  if (found.state !== 'stopping') return await awaitReady(dataDir, { timeoutMs, logFile: logFileOf(home) });
  await poll(() => (findPostmaster(dataDir) ? undefined : true), { timeoutMs });
  return findPostmaster(dataDir);
}

/** undefined: it recovered from its own end, and did not get through; it is gone, and may be started. */
async function adopt(
  home: string,
  place: Place,
  running: PostmasterFile,
  { port, keep, timeoutMs }: BringUpOptions,
): Promise<Up | undefined> {
  if (port !== undefined && port !== running.port) {
    throw hubError('database.server_port_differs', { home, running: running.port, asked: port });
  }
  const adminPassword = readSecret(home, ADMIN_PASSWORD_FILE);
  if (!adminPassword) throw passwordLost(home);
  const { dataDir } = place;
  const facts = { port: running.port, password: adminPassword, dataDir, logFile: logFileOf(home) };
  const identity = await whenRecovered(() => identify(home, facts), { dataDir, timeoutMs });
  if (identity === undefined) throw explainFailure(recovering, facts);
  if (identity === 'gone') return undefined;
  const { version, clusterName } = identity;
  if (keep) updateServerFile(home, { kept: true });
  const ours = clusterName === CLUSTER_NAME;
  return {
    port: running.port,
    adminPassword,
    dataDir,
    socketDir: socketDirOf(place),
    version,
    startedHere: false,
    ours,
  };
}

/**
 * A server that recovers from its own end (a full disk, a killed process of it) refuses everybody until it is through, while its
 * file says that it is ready. It is waited for; it may also end.
 */
async function whenRecovered<Answer>(
  ask: () => Promise<Answer | undefined>,
  { dataDir, timeoutMs }: { dataDir: string; timeoutMs: number },
): Promise<Answer | 'gone' | undefined> {
  const once = async () => {
    try {
      return await ask();
    } catch (error) {
      if (findPostmaster(dataDir)) throw error;
      return 'gone' as const;
    }
  };
  return await poll(once, { timeoutMs });
}

async function prepareData(
  home: string,
  { dir, dataDir, account }: Place,
  binaries: Binaries,
  { onProgress }: BringUpOptions,
): Promise<void> {
  if (inspectDataDir(dataDir, binaries.major) === 'absent') {
    if (readServerFile(home).initialised) throw dataMissing(home, dataDir);
    onProgress?.(`Making a new PostgreSQL ${binaries.version} database in ${dir}.`);
    await initialiseDataDir(dataDir, { binaries, account, password: keepSecret(home, ADMIN_PASSWORD_FILE) });
    return;
  }
  // Data that root put back from a copy: PostgreSQL takes only its own user's.
  if (account && statSync(dataDir).uid === 0)
    execFileSync('chown', ['-R', `${account.uid}:${account.gid}`, dataDir]);
  if (readSecret(home, ADMIN_PASSWORD_FILE)) return;
  onProgress?.(`The administrator's password is missing from ${home}: a new one is set.`);
  await resetAdminPassword(dataDir, { binaries, account, password: keepSecret(home, ADMIN_PASSWORD_FILE) });
}

async function start(home: string, place: Place, binaries: Binaries, options: BringUpOptions): Promise<Up> {
  // Before the start: if we die in it, the next command knows whether the server was meant to stay.
  updateServerFile(home, {
    kept: options.keep,
    stopped: false,
    initialised: true,
    version: binaries.version,
  });
  const postmaster = await launchOnPort(home, place, binaries, options);
  const adminPassword = keepSecret(home, ADMIN_PASSWORD_FILE);
  try {
    const { port } = postmaster;
    const facts = { port, password: adminPassword, dataDir: place.dataDir, logFile: logFileOf(home) };
    const identity = await identify(home, facts);
    if (identity === undefined) throw explainFailure(recovering, facts);
    const { version } = identity;
    updateServerFile(home, { port });
    return {
      port,
      adminPassword,
      dataDir: place.dataDir,
      socketDir: socketDirOf(place),
      version,
      startedHere: true,
      ours: true,
    };
  } catch (error) {
    await shutDown(postmaster.pid, options);
    throw error;
  }
}

function dataMissing(home: string, dataDir: string): HubError {
  return hubError('database.server_data_missing', { home, dataDir, memory: join(home, 'server.json') });
}
