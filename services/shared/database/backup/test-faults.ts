/** A hub on a server of its own, to which the worst may happen while it is backed up and restored. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';
import { Hidden } from '@quantum-hub/kernel';
import { Client } from 'pg';
import { connectAdmin } from '../connection/admin-connection.ts';
import type { ThrowawayServer } from '../server/index.ts';
import { ensureDatabase } from '../setup/ensure-database.ts';
import { prepareDatabase } from '../setup/prepare-database.ts';
import { applicationLogin } from '../testing/test-server.ts';
import { makeOwner } from '../testing/two-users.ts';
import { readContents } from './contents/read-contents.ts';
import { findReader } from './contents/reader.ts';
import { openSnapshot } from './contents/snapshot.ts';
import type { Contents } from './manifest/manifest.ts';

const service = 'test';
export const liveDatabase = 'hub';

/** Numbers that are the same for the same seed (mulberry32): a moment that failed can be tried again. */
export function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

interface Server {
  readonly host: string;
  readonly port: number;
  readonly adminUser: string;
  readonly adminPassword: string;
  stop(): Promise<unknown>;
}

export class FaultyHub<Kind extends Server = ThrowawayServer> implements AsyncDisposable {
  readonly server: Kind;

  constructor(server: Kind) {
    this.server = server;
  }

  /** On that server, which is stopped with it: `megabytes` of rows that pack badly, beside a user behind row security. */
  static async make<Kind extends Server>(server: Kind, megabytes: number): Promise<FaultyHub<Kind>> {
    const hub = new FaultyHub(server);
    try {
      await ensureDatabase(hub.admin(), service);
      const session = await hub.#connect(liveDatabase);
      await prepareDatabase(session, { database: liveDatabase, applicationLogin });
      await makeOwner(session);
      await session.query(
        `create table public.load as select i, (select string_agg(md5(random()::text || i || j), '') from generate_series(1, 30) j) as t
           from generate_series(1, ${megabytes * 1000}) i; alter table public.load add primary key (i)`,
      );
      await session.end();
      return hub;
    } catch (error) {
      await hub[Symbol.asyncDispose]();
      throw error;
    }
  }

  admin(database = liveDatabase) {
    const { host, port, adminUser, adminPassword } = this.server;
    return { host, port, user: adminUser, password: new Hidden(adminPassword), database };
  }

  async #connect(database: string): Promise<Client> {
    const { host, port, adminUser: user, adminPassword: password } = this.server;
    const client = new Client({ host, port, user, password, database });
    await client.connect();
    return client;
  }

  /** A statement in a session of its own, which is closed before this returns. */
  async run(sql: string, database = 'postgres'): Promise<Record<string, unknown>[]> {
    const client = await this.#connect(database);
    try {
      return (await client.query(sql)).rows;
    } finally {
      await client.end();
    }
  }

  /** Rows and digest of every table. */
  async tables(database = liveDatabase): Promise<Contents['tables']> {
    await using admin = await connectAdmin(this.admin(database), { service });
    await using snapshot = await openSnapshot(admin, await findReader(admin));
    return (await readContents(admin, snapshot)).tables;
  }

  /** Databases whose names begin as the hub's does. */
  async databases(): Promise<string[]> {
    const rows = await this.run(`select datname from pg_database where datname ~ '^hub' order by 1`);
    return rows.map(({ datname }) => String(datname));
  }

  /** Until nobody works on a half-restored database: a killed restore leaves programs that have not noticed yet. */
  async quiet(): Promise<void> {
    const busy = () => this.run(`select from pg_stat_activity where datname ~ '^hub_restoring_'`);
    while ((await busy()).length > 0) await delay(50);
  }

  /** A backup or a restore as a process, in a group of its own with the programs that it starts. */
  start(work: 'create' | 'restore', args: readonly string[]): FaultProcess {
    const { host, port, adminUser, adminPassword } = this.server;
    const program = join(import.meta.dirname, 'test-fault-process.ts');
    const flags = ['--disable-warning=ExperimentalWarning', program, work, ...args];
    const child = spawn(process.execPath, flags, {
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        ...process.env,
        POSTGRES_HOST: host,
        POSTGRES_PORT: String(port),
        POSTGRES_DB: liveDatabase,
        POSTGRES_USER: applicationLogin.name,
        POSTGRES_PASSWORD: applicationLogin.password,
        POSTGRES_ADMIN_USER: adminUser,
        POSTGRES_ADMIN_PASSWORD: adminPassword,
      },
    });
    return new FaultProcess(child);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.server.stop();
  }
}

export class FaultProcess {
  readonly #child: ChildProcess;
  readonly #begun: Promise<unknown>;
  readonly #ended: Promise<unknown[]>;
  said = '';
  /** The most memory that it had, in MB; there once it is through. */
  readonly peakMb: Promise<number>;

  constructor(child: ChildProcess) {
    this.#child = child;
    this.#ended = once(child, 'exit');
    child.stderr?.setEncoding('utf8').on('data', (line: string) => (this.said += line));
    if (!child.stdout) throw new Error('the process has no output');
    this.peakMb = text(child.stdout).then((told) => Number(/^peak (\d+)$/m.exec(told)?.[1]) / 1024);
    this.#begun = Promise.race([once(child.stdout, 'data'), this.#ended]);
  }

  /** How long it works, in ms. */
  async through(): Promise<number> {
    await this.#begun;
    const start = performance.now();
    const [code] = await this.#ended;
    if (code !== 0) throw new Error(`it ended with ${code}: ${this.said}`);
    return performance.now() - start;
  }

  /** `fault` strikes so many ms after the work began; gives whether it was still at work. */
  async struck(afterMs: number, fault: () => unknown): Promise<boolean> {
    await this.#begun;
    const early = await Promise.race([this.#ended, delay(afterMs)]);
    if (early && early[0] !== 0) throw new Error(`it ended by itself with ${early[0]}: ${this.said}`);
    if (early) return false;
    await fault();
    const [code] = await this.#ended;
    return code !== 0;
  }

  /** Alone, or with the programs that it started. */
  kill(whole: boolean): void {
    const { pid } = this.#child;
    if (pid !== undefined && this.#child.exitCode === null) process.kill(whole ? -pid : pid, 'SIGKILL');
  }
}
