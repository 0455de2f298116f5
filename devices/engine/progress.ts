import type { Branch } from './follow.ts';

/** How much of a simulation is done: the ways that are at their end, and the share of the one that is followed. Never falls. */
export class Progress {
  readonly #amount: number;
  #done = 0;
  #way: Branch | undefined;
  #told = 0;

  /** @param amount all shots, or 1 */
  constructor(amount: number) {
    this.#amount = amount;
  }

  follow(way: Branch): void {
    this.#way = way;
  }

  /** @param done share of the ways that are at their end, 0 to 1 */
  finish(done: number): void {
    this.#done = done;
    this.#way = undefined;
  }

  share(): number {
    const within = this.#way ? (this.#way.amount / this.#amount) * this.#way.run.progress() : 0;
    this.#told = Math.max(this.#told, Math.min(1, this.#done + within));
    return this.#told;
  }
}
