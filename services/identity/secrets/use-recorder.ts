import type { Clock } from '@quantum-hub/kernel';
import { useIntervalSeconds } from '../domain/lifetimes.ts';

export type UseKind = 'user_api_keys' | 'user_sessions';
export interface Use {
  readonly id: string;
  readonly at: Date;
}
type Write = (kind: UseKind, uses: readonly Use[]) => Promise<void>;

export interface RecorderOptions {
  readonly clock: Clock;
  /** How long uses are gathered before they are written. */
  readonly delayMs: number;
  readonly log: (error: unknown) => void;
}

/** Beyond this many the oldest are forgotten: their next use is then written once more, which the statement ignores. */
const mostRemembered = 50_000;

/**
 * Remembers which credentials were used and writes it a little later, many in one statement, so that no request waits for
 * it. One credential is written at most once a minute by each process.
 */
export class UseRecorder implements AsyncDisposable {
  readonly #write: Write;
  readonly #options: RecorderOptions;
  readonly #written = new Map<string, number>();
  #pending: Record<UseKind, Map<string, Use>> = emptyUses();
  #timer: NodeJS.Timeout | undefined;
  #writing: Promise<void> = Promise.resolve();

  constructor(write: Write, options: RecorderOptions) {
    this.#write = write;
    this.#options = options;
  }

  record(kind: UseKind, id: string): void {
    const at = this.#options.clock();
    const last = this.#written.get(id);
    if (last !== undefined && at.getTime() - last < useIntervalSeconds * 1000) return;
    this.#remember(id, at);
    this.#pending[kind].set(id, { id, at });
    this.#timer ??= setTimeout(() => void this.flush(), this.#options.delayMs).unref();
  }

  /** Writes what was gathered; a failure costs the times of some last uses and is logged. */
  async flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const pending = this.#pending;
    this.#pending = emptyUses();
    this.#writing = this.#writing.then(async () => {
      for (const kind of ['user_api_keys', 'user_sessions'] as const) {
        const uses = [...pending[kind].values()];
        if (uses.length > 0) await this.#write(kind, uses).catch(this.#options.log);
      }
    });
    await this.#writing;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.flush();
  }

  #remember(id: string, at: Date): void {
    this.#written.delete(id);
    this.#written.set(id, at.getTime());
    if (this.#written.size <= mostRemembered) return;
    const [oldest] = this.#written.keys();
    if (oldest !== undefined) this.#written.delete(oldest);
  }
}

function emptyUses(): Record<UseKind, Map<string, Use>> {
  return { user_api_keys: new Map(), user_sessions: new Map() };
}
