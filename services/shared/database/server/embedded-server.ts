import { statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { hubError } from '@quantum-hub/kernel';
import { bringUp, type Up } from './bring-up.ts';
import { systemCode, textOf } from './errors.ts';
import { giveToOwner, prepareHome, readServerFile, updateServerFile } from './home-files.ts';
import { shutDown } from './launch.ts';
import { type Lease, liveLeases, takeLease } from './leases.ts';
import { withLock } from './lock.ts';
import type { ServerOptions } from './options.ts';
import { knownPlace } from './place.ts';
import { findPostmaster } from './processes.ts';
import { explainFailure } from './server-log.ts';
import { ADMIN_USER, HOST } from './settings.ts';

const DEFAULT_TIMEOUT_MS = 300_000;

type Ending = () => Promise<{ stopped: boolean }>;

/** A running embedded server and this process's use of it. */
export class RunningServer implements AsyncDisposable {
  readonly host = HOST;
  readonly adminUser = ADMIN_USER;
  readonly port: number;
  readonly dataDir: string;
  /** The folder of its unix socket, where the path is short enough for one. */
  readonly socketDir: string | undefined;
  /** PostgreSQL's own, such as `15.18`. */
  readonly version: string;
  /** False when it was up already. */
  readonly startedHere: boolean;
  readonly #adminPassword: string;
  #end: Ending | undefined;

  constructor(up: Up, end: Ending) {
    this.port = up.port;
    this.#adminPassword = up.adminPassword;
    this.dataDir = up.dataDir;
    this.socketDir = up.socketDir;
    this.version = up.version;
    this.startedHere = up.startedHere;
    this.#end = end;
  }

  /** A getter, so that printing the server does not print it. */
  get adminPassword(): string {
    return this.#adminPassword;
  }

  /**
   * Ends this use. The server itself stops only if no other command uses it and it was not started to stay;
   * `stopped` says whether it did. A second call does nothing.
   */
  async stop(): Promise<{ stopped: boolean }> {
    const end = this.#end;
    this.#end = undefined;
    return (await end?.()) ?? { stopped: false };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }
}

/**
 * Starts the server to stay up until `stopServer`, also beyond this process; one that is up is adopted and stays.
 * `stop()` of the result takes that back if it was started here. Throws `HubError`.
 */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  return await locked(options, async (home) => {
    const up = await bringUp(home, { timeoutMs: DEFAULT_TIMEOUT_MS, ...options, keep: true });
    return new RunningServer(up, async () => {
      if (!up.startedHere) return { stopped: false };
      return await locked(options, async () => {
        updateServerFile(home, { kept: false });
        return await stopUnused(home, up, options);
      });
    });
  });
}

/**
 * Uses the server for a while: one that is down is started, and the last user out stops it again, unless it was started to
 * stay. Users that died are not waited for. Throws `HubError`.
 */
export async function borrowServer(options: ServerOptions): Promise<RunningServer> {
  return await locked(options, async (home) => {
    const up = await bringUp(home, { timeoutMs: DEFAULT_TIMEOUT_MS, ...options, keep: false });
    const giveBack = takeLease(home, options.purpose ?? 'a command');
    return new RunningServer(up, async () => {
      // Given back before the lock is asked for: a user who then has to wait in vain does not hold the server up.
      giveBack();
      return await locked(options, () => stopUnused(home, up, options));
    });
  });
}

/** Stops the server (fast: what is open is rolled back), whoever uses it; `users` are those that lost it. */
export async function stopServer(options: ServerOptions): Promise<{ stopped: boolean; users: Lease[] }> {
  if (!statSync(options.home, { throwIfNoEntry: false })) return { stopped: false, users: [] };
  return await locked(options, async (home) => {
    const postmaster = findPostmaster(knownPlace(home).dataDir);
    if (!postmaster) return { stopped: false, users: [] };
    const users = liveLeases(home);
    await shutDown(postmaster.pid, { timeoutMs: options.timeoutMs ?? DEFAULT_TIMEOUT_MS });
    return { stopped: true, users };
  });
}

async function stopUnused(
  home: string,
  up: Up,
  { timeoutMs = DEFAULT_TIMEOUT_MS }: ServerOptions,
): Promise<{ stopped: boolean }> {
  const postmaster = findPostmaster(up.dataDir);
  if (!postmaster || !up.ours || readServerFile(home).kept || liveLeases(home).length > 0)
    return { stopped: false };
  await shutDown(postmaster.pid, { timeoutMs });
  return { stopped: true };
}

async function locked<T>(
  { home: given, timeoutMs = DEFAULT_TIMEOUT_MS, onProgress }: ServerOptions,
  work: (home: string) => Promise<T>,
): Promise<T> {
  const home = resolve(given);
  try {
    prepareHome(home);
    const path = join(home, 'server.lock');
    const onWait = () =>
      onProgress?.('Waiting for another command that starts or stops the embedded server.');
    return await withLock(path, { timeoutMs, onWait }, async () => {
      giveToOwner(home, path);
      return await work(home);
    });
  } catch (error) {
    throw explainSystemFault(error, home);
  }
}

/** What the operating system refused us, as the fault it is; anything else as it came. */
function explainSystemFault(error: unknown, home: string): unknown {
  const code = systemCode(error);
  if (code === 'ENOSPC' || code === 'EDQUOT')
    return explainFailure('No space left on device', { dataDir: home });
  if (!['EACCES', 'EPERM', 'EROFS', 'ERR_SQLITE_ERROR'].includes(code ?? '')) return error;
  const path = (error as NodeJS.ErrnoException).path ?? home;
  const remedy = `run as the user that owns ${home}, or correct the owner and rights of what is in it`;
  return hubError('database.server_access_denied', { path, reason: textOf(error), remedy }, { cause: error });
}
