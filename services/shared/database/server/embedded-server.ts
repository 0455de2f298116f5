import { statSync } from 'node:fs';
import { bringUp, type Up } from './bring-up.ts';
import { readServerFile, updateServerFile } from './home-files.ts';
import { shutDown } from './launch.ts';
import { type Lease, liveLeases, takeLease } from './leases.ts';
import { DEFAULT_TIMEOUT_MS, type ServerOptions } from './options.ts';
import { knownPlace } from './place.ts';
import { findPostmaster } from './processes.ts';
import { ADMIN_USER, HOST } from './settings.ts';
import { locked } from './under-lock.ts';

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

/**
 * Stops the server (fast: what is open is rolled back), whoever uses it; `users` are those that lost it. It stays down until a
 * command starts it: those that keep it up leave it alone, also where it had died before.
 */
export async function stopServer(options: ServerOptions): Promise<{ stopped: boolean; users: Lease[] }> {
  if (!statSync(options.home, { throwIfNoEntry: false })) return { stopped: false, users: [] };
  return await locked(options, async (home) => {
    const postmaster = findPostmaster(knownPlace(home).dataDir);
    const users = postmaster ? liveLeases(home) : [];
    if (postmaster) await shutDown(postmaster.pid, { timeoutMs: options.timeoutMs ?? DEFAULT_TIMEOUT_MS });
    rememberStop(home);
    return { stopped: postmaster !== undefined, users };
  });
}

function rememberStop(home: string): void {
  try {
    if (readServerFile(home).initialised) updateServerFile(home, { stopped: true });
  } catch {
    // A full disk must not keep anybody from stopping; the server's log tells of the stop as well.
  }
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
