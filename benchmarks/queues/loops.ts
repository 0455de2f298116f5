import { Tally } from './queue.ts';

/** Takes, runs and completes one job; false when there was none. Calls `begin` between taking and completing. */
export type Turn = (begin: () => void) => Promise<boolean>;

/**
 * Workers of a queue that leaves them to its user: loops of this process that take one job after the other. Whoever submits wakes
 * them without a message of the database, which costs less than any queue can.
 */
export class Loops {
  readonly begun = new Tally();
  readonly completed = new Tally();
  readonly #turn: Turn;
  #calls = 0;
  #called = Promise.withResolvers<void>();

  constructor(turn: Turn) {
    this.#turn = turn;
  }

  /** There may be a job. */
  call(): void {
    this.#calls += 1;
    this.#called.resolve();
    this.#called = Promise.withResolvers();
  }

  start(atOnce: number): AsyncDisposable {
    const stop = new AbortController();
    const loops = Array.from({ length: atOnce }, () => this.#loop(stop.signal));
    return {
      [Symbol.asyncDispose]: async () => {
        stop.abort();
        this.call();
        await Promise.all(loops);
      },
    };
  }

  async #loop(stop: AbortSignal): Promise<void> {
    while (!stop.aborted) {
      const calls = this.#calls;
      if (await this.#turn(() => this.begun.add())) this.completed.add();
      else if (calls === this.#calls) await this.#called.promise;
    }
  }
}
