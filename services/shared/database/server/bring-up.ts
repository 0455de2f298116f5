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

type BringUpOptions = ServerOptions & { keep: boolean; timeoutMs: number };

/** Adopts the home's server or starts it, the first time on fresh data. To be called under the home's lock. */
export async function bringUp(home: string, options: BringUpOptions): Promise<Up> {
  const place = preparePlace(home, options);
  const running = await findRunning(home, place.dataDir, options);
  if (running) return await adopt(home, place, running, options);
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

async function adopt(
  home: string,
  place: Place,
  running: PostmasterFile,
  { port, keep }: BringUpOptions,
): Promise<Up> {
  if (port !== undefined && port !== running.port) {
    throw hubError('database.server_port_differs', { home, running: running.port, asked: port });
  }
  const adminPassword = readSecret(home, ADMIN_PASSWORD_FILE);
  if (!adminPassword) throw passwordLost(home);
  const { version, clusterName } = await identify(home, {
    port: running.port,
    password: adminPassword,
    dataDir: place.dataDir,
    logFile: logFileOf(home),
  });
  if (keep) updateServerFile(home, { kept: true });
  const ours = clusterName === CLUSTER_NAME;
  return {
    port: running.port,
    adminPassword,
    dataDir: place.dataDir,
    socketDir: socketDirOf(place),
    version,
    startedHere: false,
    ours,
  };
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
  updateServerFile(home, { kept: options.keep, initialised: true, version: binaries.version });
  const postmaster = await launchOnPort(home, place, binaries, options);
  const adminPassword = keepSecret(home, ADMIN_PASSWORD_FILE);
  try {
    const { version } = await identify(home, {
      port: postmaster.port,
      password: adminPassword,
      dataDir: place.dataDir,
      logFile: logFileOf(home),
    });
    updateServerFile(home, { port: postmaster.port });
    return {
      port: postmaster.port,
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
