import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import type { HubError } from '@quantum-hub/kernel';
import { logFileOf, readServerFile } from './home-files.ts';
import { majorOf } from './initialise.ts';
import { type Lease, liveLeases } from './leases.ts';
import { knownPlace } from './place.ts';
import { findPostmaster } from './processes.ts';
import { findFault, findFullDisk, readLog, sinceLastStart, toldToStop } from './server-log.ts';
import { HOST } from './settings.ts';

/** How a home's server stands. */
export type ServerStatus = {
  /** `absent`: it was never started here. */
  state: 'absent' | 'stopped' | 'starting' | 'running' | 'stopping';
  home: string;
  dataDir: string;
  logFile: string;
  host: string;
  /** Of the running server, else of its last start. */
  port: number | undefined;
  pid: number | undefined;
  startedAt: Date | undefined;
  version: string | undefined;
  /** Started to stay up until it is stopped. */
  kept: boolean;
  /** The processes that use it now. */
  users: Lease[];
  /** Why a server that is down ended, where its log tells of more than a regular stop; or that its disk is full. */
  fault: HubError | undefined;
};

/** Looks, without starting, locking or changing anything. */
export function serverStatus({ home: given }: { home: string }): ServerStatus {
  const home = resolve(given);
  const { dataDir } = knownPlace(home);
  const memory = readServerFile(home);
  const postmaster = findPostmaster(dataDir);
  const logFile = logFileOf(home);
  const initialised = memory.initialised || statSync(dataDir, { throwIfNoEntry: false }) !== undefined;
  return {
    state: postmaster ? stateOf(postmaster.state) : initialised ? 'stopped' : 'absent',
    home,
    dataDir,
    logFile,
    host: HOST,
    port: postmaster?.port ?? memory.port,
    pid: postmaster?.pid,
    startedAt: postmaster?.startedAt,
    version: memory.version ?? majorOf(dataDir),
    kept: postmaster !== undefined && memory.kept === true,
    users: liveLeases(home),
    fault: postmaster ? undefined : lastFault(readLog(logFile), dataDir, logFile),
  };
}

function stateOf(word: string): ServerStatus['state'] {
  return word === 'ready' ? 'running' : word === 'stopping' ? 'stopping' : 'starting';
}

// A server that stopped as it was told to has no fault, whatever it met while it ran.
function lastFault(log: string, dataDir: string, logFile: string): HubError | undefined {
  const facts = { dataDir, logFile };
  return findFullDisk(facts) ?? (toldToStop(log) ? undefined : findFault(sinceLastStart(log), facts));
}
