import { type ConnectionSettings, DirectConnection } from '@quantum-hub/database';
import { changedChannel } from '../queries/channels.ts';

export interface JobSignalsOptions {
  /** The server itself, not a pooler. */
  readonly connection: ConnectionSettings;
  /** While the connection is lost, all that wait are told to look that often; default 1 s. */
  readonly pollMs?: number;
}

type Listener = () => void;

/**
 * What changes about jobs, for those who wait for it: one connection that listens, whatever the number of waiters. A signal says
 * "look", not what is there, and may come without a change; so nothing is missed as long as everybody begins to wait before looking.
 */
export class JobSignals implements AsyncDisposable {
  readonly #listeners = new Map<string, Set<Listener>>();
  readonly #pollMs: number;
  #connection: DirectConnection | undefined;
  #poll: NodeJS.Timeout | undefined;

  private constructor({ pollMs = 1000 }: JobSignalsOptions) {
    this.#pollMs = pollMs;
  }

  static async start(options: JobSignalsOptions): Promise<JobSignals> {
    const signals = new JobSignals(options);
    signals.#connection = await DirectConnection.open({
      connection: options.connection,
      service: 'job-signals',
      channels: [changedChannel],
      onMessage: (_, payload) => signals.#tell(payload.slice(0, 36)),
      onLost: () => signals.#tellAllNowAndThen(),
      onReconnected: () => signals.#backToMessages(),
    });
    return signals;
  }

  /** How many wait: for the figures of operators. */
  get waiting(): number {
    let sum = 0;
    for (const listeners of this.#listeners.values()) sum += listeners.size;
    return sum;
  }

  /**
   * Waits until a job may have changed: true; or until `timeoutMs` are over or the signal aborts: false. Begins to wait when it is
   * called, so call it, then look at the job, then await.
   */
  async waitFor(
    jobId: string,
    { timeoutMs, signal }: { readonly timeoutMs: number; readonly signal?: AbortSignal },
  ): Promise<boolean> {
    const { promise, resolve } = Promise.withResolvers<boolean>();
    using _listening = this.#listen(jobId, () => resolve(true));
    const giveUp = () => resolve(false);
    const timer = setTimeout(giveUp, timeoutMs);
    signal?.addEventListener('abort', giveUp, { once: true });
    if (signal?.aborted) giveUp();
    try {
      return await promise;
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener('abort', giveUp);
    }
  }

  /** Yields at once and then each time the job may have changed, until the signal aborts. Changes while one looks are not lost. */
  async *changes(jobId: string, signal: AbortSignal): AsyncGenerator<void> {
    let changed = true;
    let wake: Listener = () => {};
    using _listening = this.#listen(jobId, () => {
      changed = true;
      wake();
    });
    const stop = () => wake();
    signal.addEventListener('abort', stop, { once: true });
    try {
      while (!signal.aborted) {
        if (!changed) {
          const { promise, resolve } = Promise.withResolvers<void>();
          wake = resolve;
          await promise;
        } else {
          changed = false;
          yield;
        }
      }
    } finally {
      signal.removeEventListener('abort', stop);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#poll);
    await this.#connection?.close();
    // Nobody waits for a process that stops.
    this.#tellAll();
  }

  #listen(jobId: string, listener: Listener): Disposable {
    const listeners = this.#listeners.get(jobId) ?? new Set();
    this.#listeners.set(jobId, listeners.add(listener));
    return {
      [Symbol.dispose]: () => {
        listeners.delete(listener);
        if (listeners.size === 0) this.#listeners.delete(jobId);
      },
    };
  }

  #tell(jobId: string): void {
    for (const listener of this.#listeners.get(jobId) ?? []) listener();
  }

  #tellAll(): void {
    for (const jobId of this.#listeners.keys()) this.#tell(jobId);
  }

  #tellAllNowAndThen(): void {
    this.#tellAll();
    this.#poll ??= setInterval(() => this.#tellAll(), this.#pollMs);
  }

  #backToMessages(): void {
    clearInterval(this.#poll);
    this.#poll = undefined;
    this.#tellAll();
  }
}
