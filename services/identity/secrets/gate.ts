/** Lets a number of tasks run at once, a number wait in line, and refuses the rest. */
export class Gate {
  #free: number;
  readonly #mostWaiting: number;
  readonly #refusal: () => Error;
  readonly #line: (() => void)[] = [];

  constructor(atOnce: number, mostWaiting: number, refusal: () => Error) {
    this.#free = atOnce;
    this.#mostWaiting = mostWaiting;
    this.#refusal = refusal;
  }

  async run<Result>(task: () => Promise<Result>): Promise<Result> {
    if (this.#free > 0) this.#free -= 1;
    else await this.#stand();
    try {
      return await task();
    } finally {
      // The place goes to the next in line without becoming free in between.
      const next = this.#line.shift();
      if (next) next();
      else this.#free += 1;
    }
  }

  #stand(): Promise<void> {
    if (this.#line.length >= this.#mostWaiting) throw this.#refusal();
    return new Promise((resolve) => this.#line.push(resolve));
  }
}
