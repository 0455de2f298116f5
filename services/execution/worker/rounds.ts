/** Does something again and again, one round after the other: after a pause, or at once when it is called for. */
export class Rounds {
  readonly #stopping = new AbortController();
  readonly #ended: Promise<void>;
  #called = Promise.withResolvers<void>();

  /** @param round must not throw */
  constructor(everyMs: number, round: () => Promise<void>) {
    this.#ended = this.#go(everyMs, round);
  }

  /** Another round follows at once, or right after the present one. */
  again(): void {
    this.#called.resolve();
  }

  /** Lets the present round end; no other follows. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    this.again();
    await this.#ended;
  }

  async #go(everyMs: number, round: () => Promise<void>): Promise<void> {
    while (!this.#stopping.signal.aborted) {
      this.#called = Promise.withResolvers();
      await round();
      const pause = setTimeout(this.#called.resolve, everyMs);
      await this.#called.promise;
      clearTimeout(pause);
    }
  }
}
