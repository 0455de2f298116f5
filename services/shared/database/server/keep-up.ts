import { setTimeout as delay } from 'node:timers/promises';
import { isHubError } from '@quantum-hub/kernel';
import { bringUp } from './bring-up.ts';
import { textOf } from './errors.ts';
import { logFileOf, readServerFile } from './home-files.ts';
import { DEFAULT_TIMEOUT_MS } from './options.ts';
import { knownPlace } from './place.ts';
import { findPostmaster, isAlive, type PostmasterFile, readPostmasterFile } from './processes.ts';
import { readLog, toldToStop } from './server-log.ts';
import { locked } from './under-lock.ts';

export interface KeepUpOptions {
  /** The home, whose server is in use already (`borrowServer`). */
  readonly home: string;
  /** The port that this process has its connections at: on another one the server would be of no use to it. */
  readonly port: number;
  /** Sentences for operators. */
  readonly log: (line: string, level: 'info' | 'warn' | 'error') => void;
  /** How often it is looked after, and the first pause between two starts. Default 1 s. */
  readonly everyMs?: number;
  /** The longest pause between two starts. Default 1 min. */
  readonly longestPauseMs?: number;
}

type Outcome = 'up' | 'started' | 'stopped' | 'busy';

/**
 * Starts the home's server again when it died: killed, out of memory, or not through its recovery. Not one that somebody
 * stopped, with `stopServer`, `pg_ctl` or the signals of a system that shuts down. Any process that uses the server may do
 * this; of several at once the home's lock lets one, and the others find it up. The pauses between starts double, and are
 * short again once it has run for the longest of them.
 */
export function keepServerUp(options: KeepUpOptions): AsyncDisposable {
  const keeper = new Keeper(options);
  return { [Symbol.asyncDispose]: () => keeper.end() };
}

class Keeper {
  readonly #options: Required<KeepUpOptions>;
  readonly #dataDir: string;
  readonly #ending = new AbortController();
  readonly #running: Promise<void>;
  #pid: number | undefined;
  /** Since when it is known to be down. */
  #downSince: number | undefined;
  #toldOfStop = false;
  #pauseMs = 0;
  #lastStartAt = Number.NEGATIVE_INFINITY;
  /** A start that fails stops the server once more, and then its log tells of a stop that nobody asked for. */
  #startFailed = false;

  constructor(options: KeepUpOptions) {
    this.#options = { everyMs: 1000, longestPauseMs: 60_000, ...options };
    this.#dataDir = knownPlace(options.home).dataDir;
    this.#pid = findPostmaster(this.#dataDir)?.pid;
    this.#running = this.#watch();
  }

  /** A start that is under way is waited for. */
  async end(): Promise<void> {
    this.#ending.abort();
    await this.#running;
  }

  async #watch(): Promise<void> {
    const { signal } = this.#ending;
    for (;;) {
      // The end of a process that is not our child sends no signal.
      await delay(this.#options.everyMs, undefined, { signal }).catch(() => {});
      if (signal.aborted) return;
      try {
        await this.#look();
      } catch (error) {
        this.#failed(error);
      }
    }
  }

  async #look(): Promise<void> {
    const known = this.#pid;
    const postmaster = this.#postmaster();
    // Another one than before: it was down in between, however short.
    if (postmaster?.pid !== known) this.#downSince ??= performance.now();
    if (postmaster) return this.#isUp(postmaster);
    if (performance.now() < this.#lastStartAt + this.#pauseMs) return;
    const outcome = await this.#revive();
    if (outcome === 'stopped') this.#wasStopped();
    if (outcome === 'started') this.#lengthenPause();
  }

  /** Without starting a program (`ps`, where there is no /proc) as long as it is the one known. */
  #postmaster(): PostmasterFile | undefined {
    const file = readPostmasterFile(this.#dataDir);
    if (file && file.pid === this.#pid && isAlive(file.pid)) return file;
    const found = findPostmaster(this.#dataDir);
    this.#pid = found?.pid;
    return found;
  }

  #isUp({ pid, port, state }: PostmasterFile): void {
    const { log, port: ours, longestPauseMs } = this.#options;
    const now = performance.now();
    if (now > this.#lastStartAt + longestPauseMs) this.#pauseMs = 0;
    if (this.#downSince === undefined || state !== 'ready') return;
    const seconds = ((now - this.#downSince) / 1000).toFixed(1);
    this.#downSince = undefined;
    this.#toldOfStop = false;
    this.#startFailed = false;
    if (port === ours)
      log(`The embedded PostgreSQL is up again (process ${pid}), after ${seconds} s.`, 'info');
    else {
      log(
        `The embedded PostgreSQL is up again at port ${port}, and this process knows it at ${ours}: start this process anew.`,
        'error',
      );
    }
  }

  #wasStopped(): void {
    if (this.#toldOfStop) return;
    this.#toldOfStop = true;
    this.#options.log(
      'The embedded PostgreSQL was stopped. It is not started again from here; `npx qhub db server start` does.',
      'warn',
    );
  }

  /** Under the lock all is looked at once more: another process may have acted since. */
  async #revive(): Promise<Outcome> {
    const { home, port, log } = this.#options;
    const work = async (path: string): Promise<Outcome> => {
      if (findPostmaster(this.#dataDir)) return 'up';
      const { stopped, kept = false } = readServerFile(path);
      if (stopped || (!this.#startFailed && toldToStop(readLog(logFileOf(path))))) return 'stopped';
      if (!this.#startFailed)
        log('The embedded PostgreSQL ended without being told to. It is started again.', 'warn');
      this.#startFailed = true;
      await bringUp(path, { home, port, keep: kept, timeoutMs: DEFAULT_TIMEOUT_MS });
      this.#startFailed = false;
      return 'started';
    };
    try {
      return await locked({ home, timeoutMs: 0 }, work);
    } catch (error) {
      // Whoever has the lock starts or stops it, or lays other data in its place.
      if (isHubError(error, 'database.server_locked')) return 'busy';
      throw error;
    }
  }

  #failed(error: unknown): void {
    const seconds = Math.ceil(this.#lengthenPause() / 1000);
    this.#options.log(
      `The embedded PostgreSQL could not be started again, next try in ${seconds} s: ${textOf(error)}`,
      'error',
    );
  }

  #lengthenPause(): number {
    const { everyMs, longestPauseMs } = this.#options;
    this.#pauseMs = Math.min(Math.max(everyMs, this.#pauseMs * 2), longestPauseMs);
    this.#lastStartAt = performance.now();
    return this.#pauseMs;
  }
}
