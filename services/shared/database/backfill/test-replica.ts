import { execFile, spawnSync } from 'node:child_process';
import { chownSync, globSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { Client } from 'pg';
import { childOptions, serverAccount } from '../server/account.ts';
import { findBinaries } from '../server/binaries.ts';
import { launch, shutDown } from '../server/launch.ts';
import { freePort } from '../server/ports.ts';
import { THROWAWAY } from '../server/settings.ts';
import type { ThrowawayServer } from '../server/throwaway.ts';

const timeoutMs = 60_000;

/** The path of a `pg_basebackup` that can copy a server of this major: it takes its own and older ones. */
function findBaseBackup(major: number): string | undefined {
  const folders = [...(process.env.PATH ?? '').split(delimiter), ...globSync('/usr/lib/postgresql/*/bin')];
  return folders
    .map((folder) => join(folder, 'pg_basebackup'))
    .find((program) => {
      const said = String(spawnSync(program, ['--version']).stdout ?? '');
      return Number(/\) (\d+)/.exec(said)?.[1] ?? 0) >= major;
    });
}

/** The programs of the servers under test. */
function programs() {
  const account = serverAccount();
  const bin = process.env.QHUB_TEST_PG_BIN;
  return { account, binaries: findBinaries(account, bin ? { packageDir: dirname(dirname(bin)) } : {}) };
}

/**
 * For `test(..., { skip })`: why there can be no replica here. Under CI that has to fail, but for another major than the
 * installed one: nobody promised its programs.
 */
export function withoutReplicas(): string | false {
  const { major } = programs().binaries;
  if (findBaseBackup(major) !== undefined || (process.env.CI && !process.env.QHUB_TEST_PG_BIN)) return false;
  return `needs pg_basebackup ${major} (Debian: apt-get install postgresql-client-${major})`;
}

/** A streaming replica of a server, on this machine; gone with its folder when disposed. */
export class Replica implements AsyncDisposable {
  /** An administrator's session. */
  readonly session: Client;
  readonly #folder: string;
  readonly #pid: number;

  private constructor(session: Client, folder: string, pid: number) {
    this.session = session;
    this.#folder = folder;
    this.#pid = pid;
  }

  /** `delay`: how long it waits before it applies a commit, such as `2s`. */
  static async start(primary: ThrowawayServer, database: string, delay = '0'): Promise<Replica> {
    const { host, port: from, adminUser: user, adminPassword: password } = primary;
    const { account, binaries } = programs();
    const folder = mkdtempSync(join(tmpdir(), 'qhub-replica-'));
    if (account) chownSync(folder, account.uid, account.gid);
    const dataDir = join(folder, 'data');
    const program = findBaseBackup(binaries.major) ?? 'pg_basebackup';
    const options = childOptions(account);
    await promisify(execFile)(
      program,
      ['-D', dataDir, '-d', `host=${host} port=${from} user=${user}`, '-R', '-X', 'stream', '-c', 'fast'],
      { ...options, env: { ...options.env, PGPASSWORD: password } },
    );
    const port = await freePort();
    const settings = {
      ...THROWAWAY,
      unix_socket_directories: '',
      // A replica needs as many as its primary.
      max_connections: 200,
      recovery_min_apply_delay: delay,
      // How long a lag is still told that is none any more; 10 s by default.
      wal_receiver_status_interval: '1s',
    };
    const logFile = join(folder, 'log');
    const { pid } = await launch({ binaries, account, dataDir, logFile, port, settings, timeoutMs });
    const session = new Client({ host, port, user, password, database });
    await session.connect();
    return new Replica(session, folder, pid);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.session.end();
    await shutDown(this.#pid, { mode: 'immediate', timeoutMs });
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
