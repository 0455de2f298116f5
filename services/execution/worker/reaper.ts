import { performance } from 'node:perf_hooks';
import { reapJobs } from '../use-cases/reap-jobs.ts';
import { Rounds } from './rounds.ts';
import type { WorkerLog } from './worker-log.ts';

export interface ReaperOptions {
  /** How often it looks; default 0.5 s. */
  readonly everyMs?: number;
  /** How long a worker's liveness lock may be away before its jobs are taken from it; default 1.5 s, to come back after a lost connection. */
  readonly silenceMs?: number;
  readonly log?: WorkerLog;
}

/**
 * Looks after the jobs of lost workers and after those whose time has come, twice a second. Every process may have one; the database
 * lets one look at a time.
 */
export class Reaper implements AsyncDisposable {
  readonly #silentSince = new Map<number, number>();
  readonly #silenceMs: number;
  readonly #log: WorkerLog;
  readonly #rounds: Rounds;
  #lookedAt = performance.now();

  constructor({ everyMs = 500, silenceMs = 1500, log = () => {} }: ReaperOptions = {}) {
    this.#silenceMs = silenceMs;
    this.#log = log;
    this.#rounds = new Rounds(everyMs, () => this.#look());
  }

  /** How long ago it looked, or found that another process does; grows while the database does not answer. */
  get lookedMsAgo(): number {
    return performance.now() - this.#lookedAt;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#rounds.stop();
  }

  async #look(): Promise<void> {
    try {
      const reaped = await reapJobs(this.#goneWorkers());
      this.#lookedAt = performance.now();
      // Another process looks.
      if (!reaped) return;
      if (reaped.lost.length > 0)
        this.#log('warn', 'jobs of lost workers were taken back', { jobs: reaped.lost });
      this.#remember(reaped.silent);
      if (reaped.due === 500 || reaped.lost.length === 100) this.#rounds.again();
    } catch (error) {
      this.#log('error', 'looking after lost and due jobs failed; it is tried again', { error });
    }
  }

  #goneWorkers(): number[] {
    const since = performance.now() - this.#silenceMs;
    return [...this.#silentSince].filter(([, first]) => first <= since).map(([worker]) => worker);
  }

  #remember(silent: readonly number[]): void {
    for (const worker of this.#silentSince.keys())
      if (!silent.includes(worker)) this.#silentSince.delete(worker);
    for (const worker of silent)
      if (!this.#silentSince.has(worker)) this.#silentSince.set(worker, performance.now());
  }
}
