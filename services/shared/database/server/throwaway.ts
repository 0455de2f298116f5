import type { ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { chmodSync, chownSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hubError, isHubError } from '@quantum-hub/kernel';
import { type Account, accountCan, serverAccount } from './account.ts';
import { type Binaries, findBinaries } from './binaries.ts';
import { startGuard } from './guard.ts';
import { launch, shutDown } from './launch.ts';
import { freePort } from './ports.ts';
import { findPostmaster, isAlive, startToken } from './processes.ts';
import { ADMIN_USER, HOST, type Settings, THROWAWAY } from './settings.ts';
import { copyTemplate } from './throwaway-template.ts';
import { poll } from './wait.ts';

/** How a throwaway server is made. */
export type ThrowawayOptions = {
  /** In place of the installed package: a folder like it, or one that holds `postgres` and `initdb` themselves. */
  binaries?: string;
  /** The major that those programs must be of. */
  major?: number;
  settings?: Settings;
  /** In place of `/var/lib/quantum-hub`, for a copy of binaries that the server's user can't reach. */
  systemPlace?: string;
  timeoutMs?: number;
};

const PREFIX = 'qhub-throwaway-';
const PORT_ATTEMPTS = 10;
const DEFAULT_TIMEOUT_MS = 60_000;

/** A server for tests and scratch databases: fast, without fsync, gone with its owner. */
export class ThrowawayServer implements AsyncDisposable {
  readonly host = HOST;
  readonly adminUser = ADMIN_USER;
  readonly adminPassword: string;
  readonly port: number;
  readonly dataDir: string;
  readonly logFile: string;
  readonly version: string;
  readonly #start: () => Promise<unknown>;
  readonly #guard: ChildProcess;

  constructor(
    facts: Pick<ThrowawayServer, 'adminPassword' | 'port' | 'dataDir' | 'logFile' | 'version'>,
    start: () => Promise<unknown>,
    guard: ChildProcess,
  ) {
    this.adminPassword = facts.adminPassword;
    this.port = facts.port;
    this.dataDir = facts.dataDir;
    this.logFile = facts.logFile;
    this.version = facts.version;
    this.#start = start;
    this.#guard = guard;
  }

  /** The postmaster's process id, or undefined while it is down. */
  get pid(): number | undefined {
    return findPostmaster(this.dataDir)?.pid;
  }

  /** Takes the server down and leaves its data: `fast` in order, `immediate` as a crash, `kill` by SIGKILL of the postmaster. */
  async halt(mode: 'fast' | 'immediate' | 'kill' = 'fast'): Promise<void> {
    const { pid } = this;
    if (pid === undefined) return;
    if (mode !== 'kill') return await shutDown(pid, { mode, timeoutMs: DEFAULT_TIMEOUT_MS });
    process.kill(pid, 'SIGKILL');
    await poll(() => (isAlive(pid) ? undefined : true), { timeoutMs: DEFAULT_TIMEOUT_MS });
  }

  /** Starts it again on the same port and data. */
  async resume(): Promise<void> {
    await this.#start();
  }

  /** Ends the server and removes its folder. */
  async stop(): Promise<void> {
    if (this.#guard.exitCode !== null || this.#guard.signalCode !== null) return;
    const gone = once(this.#guard, 'close');
    this.#guard.ref();
    this.#guard.stdin?.end();
    await gone;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }
}

/** Makes and starts a throwaway server. Its folder lies in the system's temporary folder. Throws `HubError`. */
export async function createThrowawayServer(options: ThrowawayOptions = {}): Promise<ThrowawayServer> {
  const account = serverAccount();
  const binaries = findBinaries(account, { packageDir: options.binaries, systemPlace: options.systemPlace });
  if (options.major !== undefined && options.major !== binaries.major) {
    throw hubError('database.server_binaries_missing', {
      source: `PostgreSQL ${options.major} in ${binaries.postgres} (${binaries.version})`,
    });
  }
  const root = scratchRoot(account);
  await clearAbandoned(root);
  const dir = makeOwnFolder(root, account);
  const guard = startGuard(dir, account);
  try {
    const dataDir = join(dir, 'data');
    const adminPassword = await copyTemplate(dataDir, { root, binaries, account });
    const logFile = join(dir, 'server.log');
    const start = (port: number) => launchThrowaway({ binaries, account, dataDir, logFile, port }, options);
    const { port } = await onFreePort(start);
    return new ThrowawayServer(
      { adminPassword, port, dataDir, logFile, version: binaries.version },
      () => start(port),
      guard,
    );
  } catch (error) {
    guard.ref();
    guard.stdin?.end();
    await once(guard, 'close');
    throw error;
  }
}

type Start = { binaries: Binaries; account: Account; dataDir: string; logFile: string; port: number };

async function launchThrowaway(start: Start, { settings, timeoutMs = DEFAULT_TIMEOUT_MS }: ThrowawayOptions) {
  return await launch({
    ...start,
    settings: { ...THROWAWAY, unix_socket_directories: '', ...settings },
    timeoutMs,
  });
}

async function onFreePort<T>(start: (port: number) => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await start(await freePort());
    } catch (error) {
      const taken = isHubError(error, 'database.server_port_busy');
      if (!taken || attempt === PORT_ATTEMPTS) throw error;
    }
  }
}

function scratchRoot(account: Account): string {
  const root = [tmpdir(), '/tmp', '/var/tmp'].find((dir) => accountCan(account, '-x', dir));
  if (root) return root;
  throw hubError('database.server_access_denied', {
    path: tmpdir(),
    reason: 'its system user cannot enter it',
    remedy: 'set TMPDIR to a folder that all may enter',
  });
}

// The name says whose it is: the owner's pid and the token that tells it from a later process of that number.
function makeOwnFolder(root: string, account: Account): string {
  const dir = mkdtempSync(join(root, `${PREFIX}${process.pid}-${ownerToken(process.pid)}-`));
  chmodSync(dir, 0o700);
  if (account) chownSync(dir, account.uid, account.gid);
  return dir;
}

function ownerToken(pid: number): string {
  return (startToken(pid) ?? randomBytes(4).toString('hex')).replace(/\W+/g, '_');
}

// What a machine that went down, or a kill -9 of owner and guard alike, left behind.
async function clearAbandoned(root: string): Promise<void> {
  for (const name of readdirSync(root)) {
    const [, pid, token] = /^qhub-throwaway-(\d+)-(\w+)-\w+$/.exec(name) ?? [];
    if (!pid || (isAlive(Number(pid)) && ownerToken(Number(pid)) === token)) continue;
    const dir = join(root, name);
    try {
      const postmaster = findPostmaster(join(dir, 'data'));
      if (postmaster) await shutDown(postmaster.pid, { mode: 'immediate', timeoutMs: 10_000 });
      rmSync(dir, { recursive: true, force: true });
    } catch {
      // Another user's, or just being removed by its guard.
    }
  }
}
