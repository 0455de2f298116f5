import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, existsSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Account, accountCan } from './account.ts';
import { startGuard } from './guard.ts';
import { launch, shutDown } from './launch.ts';
import { findPostmaster } from './processes.ts';
import { readLog } from './server-log.ts';
import { DURABLE, type Settings } from './settings.ts';

/** A base backup, laid out in the folder's `data`, that is to become a server. */
export type Recovery = {
  folder: GuardedFolder;
  account: Account;
  /** The program, of the major of the data. */
  postgres: string;
  /** `restore_command`, `recovery_target_...`. */
  settings: Settings;
  /** False for a look only: three times as fast, and gone with a power cut. */
  durable: boolean;
  timeoutMs: number;
};

/** Only the number in the socket's name: nothing listens on it. */
const PORT = 5432;

/**
 * Makes a folder of the account's, guarded: it goes away, its server too, when this process ends before `keep`.
 * The folder must not exist.
 */
export class GuardedFolder implements AsyncDisposable {
  readonly path: string;
  readonly dataDir: string;
  /** For the server's Unix socket: lies elsewhere, as its path may have 107 bytes at most. */
  readonly socketDir: string;
  readonly #guard: ChildProcess;

  constructor(path: string, account: Account) {
    mkdirSync(path, { mode: 0o700 });
    this.socketDir = mkdtempSync(join(socketRoot(account), 'qhub-socket-'));
    this.#guard = startGuard(path, account, this.socketDir);
    this.path = path;
    this.dataDir = join(path, 'data');
    mkdirSync(this.dataDir, { mode: 0o700 });
    if (account)
      for (const dir of [path, this.dataDir, this.socketDir]) chownSync(dir, account.uid, account.gid);
  }

  /** From now on the folder stays. */
  async keep(): Promise<void> {
    await this.#end('keep');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#end('');
  }

  async #end(word: string): Promise<void> {
    if (this.#guard.exitCode !== null || this.#guard.signalCode !== null) return;
    const gone = once(this.#guard, 'close');
    this.#guard.ref();
    this.#guard.stdin?.end(word);
    await gone;
  }
}

/**
 * A recovered server for looking at: reached by a Unix socket only, in a folder that only its user and root may enter, and
 * therefore without passwords, because those of the backup may be others than today's. It archives nothing.
 */
export class RecoveredServer implements AsyncDisposable {
  /** The folder of its socket, as `host` of a connection. */
  readonly host: string;
  readonly port = PORT;
  readonly #pid: number;

  constructor(host: string, pid: number) {
    this.host = host;
    this.#pid = pid;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await shutDown(this.#pid, { timeoutMs: 600_000 });
  }
}

/** What PostgreSQL wrote during a recovery. */
export function recoveryLog({ path }: GuardedFolder): string {
  return readLog(logFileOf(path));
}

function logFileOf(folder: string): string {
  return join(folder, 'server.log');
}

/** Replays the log up to the target and waits for the promoted server. Throws what its log tells. */
export async function startRecovered(recovery: Recovery): Promise<RecoveredServer> {
  const { folder, account, postgres, timeoutMs } = recovery;
  const { path, dataDir, socketDir } = folder;
  const access = join(socketDir, 'hba.conf');
  writeFileSync(access, 'local all all trust\n', { mode: 0o600 });
  if (account) chownSync(access, account.uid, account.gid);
  try {
    await launch({
      binaries: { postgres },
      account,
      dataDir,
      logFile: logFileOf(path),
      port: PORT,
      settings: {
        ...quiet(dataDir, access),
        fsync: recovery.durable,
        unix_socket_directories: socketDir,
        ...recovery.settings,
      },
      timeoutMs,
    });
  } catch (error) {
    const left = findPostmaster(dataDir);
    if (left) await shutDown(left.pid, { mode: 'immediate', timeoutMs: 60_000 });
    throw error;
  }
  const pid = findPostmaster(dataDir)?.pid ?? 0;
  return new RecoveredServer(socketDir, pid);
}

/** Alone, modest, and away from the archive and the network, whatever the configuration that it brought along says. */
function quiet(dataDir: string, access: string): Settings {
  return {
    ...DURABLE,
    // Distributions keep the configuration outside of the data: then it runs with none.
    ...(!existsSync(join(dataDir, 'postgresql.conf')) && { config_file: '/dev/null' }),
    hba_file: access,
    listen_addresses: '',
    ssl: false,
    archive_mode: false,
    // Off: a standby that takes questions must have every limit at least as high as the lost server had.
    hot_standby: false,
    shared_buffers: '64MB',
    huge_pages: 'off',
    synchronous_standby_names: '',
    external_pid_file: '',
  };
}

/** Short, since the path of a socket may have 107 bytes at most. */
function socketRoot(account: Account): string {
  const roots = [tmpdir(), '/tmp', '/var/tmp'];
  return roots.find((dir) => dir.length < 60 && accountCan(account, '-x', dir)) ?? '/tmp';
}
