/** A queue with a worker whose jobs do nothing: what is compared. */
export interface Queue extends AsyncDisposable {
  readonly name: string;
  /** Starts its worker; only that of one queue runs at a time, so that none pays for another's polls. */
  start(): Promise<AsyncDisposable>;
  /** Puts one job in, in a transaction of its own. */
  submit(): Promise<unknown>;
  /** Resolves when so many more jobs have begun to run. */
  begun(more: number): Promise<void>;
  /** Resolves when so many more jobs have been completed, as the database knows it. */
  completed(more: number): Promise<void>;
}

/** Counts, and tells when so many more were counted. */
export class Tally {
  #count = 0;
  #goal = Number.POSITIVE_INFINITY;
  #reached = () => {};

  add(): void {
    this.#count += 1;
    if (this.#count >= this.#goal) this.#reached();
  }

  /** Resolves when `more` were counted from now on. One waits at a time. */
  next(more: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#goal = this.#count + more;
    this.#reached = resolve;
    return promise;
  }
}
