import type { Queue } from './queue.ts';

/** Lets the worker of one queue run at a time: idle ones poll, and would slow down whoever is measured. */
export class Turns implements AsyncDisposable {
  #queue: Queue | undefined;
  #worker: AsyncDisposable | undefined;

  async to(queue: Queue): Promise<void> {
    if (this.#queue === queue) return;
    await this[Symbol.asyncDispose]();
    this.#worker = await queue.start();
    this.#queue = queue;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#queue = undefined;
    await this.#worker?.[Symbol.asyncDispose]();
    this.#worker = undefined;
  }
}
