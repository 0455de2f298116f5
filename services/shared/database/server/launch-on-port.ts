import { chownSync, existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { type HubError, hubError, isHubError } from '@quantum-hub/kernel';
import type { Binaries } from './binaries.ts';
import { giveToOwner, logFileOf, readServerFile } from './home-files.ts';
import { launch } from './launch.ts';
import type { ServerOptions } from './options.ts';
import type { Place } from './place.ts';
import { portCandidates, portFault } from './ports.ts';
import type { PostmasterFile } from './processes.ts';
import { DURABLE } from './settings.ts';

/** Starts a home's server on the port that was asked for, else on the best that is free. */
export async function launchOnPort(
  home: string,
  place: Place,
  binaries: Binaries,
  { port, extraSettings, timeoutMs, onProgress }: ServerOptions & { timeoutMs: number },
): Promise<PostmasterFile> {
  const { account, dataDir } = place;
  const socketDir = makeSocketDir(place);
  const settings = { ...DURABLE, unix_socket_directories: socketDir ?? '', ...extraSettings };
  const launchOn = async (candidate: number) => {
    const logFile = logFileOf(home);
    try {
      return await launch({ binaries, account, dataDir, logFile, port: candidate, settings, timeoutMs });
    } finally {
      if (existsSync(logFile)) giveToOwner(home, logFile);
    }
  };
  if (port !== undefined) {
    const fault = await portFault(port);
    if (fault) throw portBusy(port, fault);
    return await launchOn(port);
  }
  const remembered = readServerFile(home).port;
  for await (const candidate of portCandidates(remembered)) {
    try {
      if (remembered !== undefined && candidate !== remembered) {
        onProgress?.(
          `Port ${remembered} is taken by another program: the embedded server uses ${candidate} from now on.`,
        );
      }
      return await launchOn(candidate);
    } catch (error) {
      // Somebody was faster in taking this port.
      if (!isHubError(error, 'database.server_port_busy')) throw error;
    }
  }
  throw portBusy(0, 'EADDRINUSE');
}

function portBusy(port: number, fault: string): HubError {
  const reason = fault === 'EADDRINUSE' ? 'another program uses it' : fault;
  return hubError('database.server_port_busy', { port, reason });
}

/** Where a place has its unix socket: nowhere if its path were too long (PostgreSQL cuts at 107 bytes). */
export function socketDirOf({ dir }: Place): string | undefined {
  const socketDir = join(dir, 'socket');
  return Buffer.byteLength(join(socketDir, '.s.PGSQL.65535')) < 100 ? socketDir : undefined;
}

// Made anew each time: a crash leaves a lock file there whose pid may be another process's by now.
function makeSocketDir(place: Place): string | undefined {
  const socketDir = socketDirOf(place);
  if (!socketDir) return undefined;
  rmSync(socketDir, { recursive: true, force: true });
  mkdirSync(socketDir, { mode: 0o700 });
  if (place.account) chownSync(socketDir, place.account.uid, place.account.gid);
  return socketDir;
}
