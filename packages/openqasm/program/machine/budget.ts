import type { Span } from '../../source/diagnostic.ts';
import type { Limits } from '../../source/limits.ts';
import { fail } from './failure.ts';

// performance.now() costs some 50 ns: asked for once in so many steps.
const STEPS_A_CLOCK = 4096;

/** What one run has used up of its limits. */
export class Budget {
  readonly limits: Limits;
  operations = 0;
  rounds = 0;
  steps = 0;
  #nextClock = STEPS_A_CLOCK;
  #since: number | undefined;

  constructor(limits: Limits) {
    this.limits = limits;
  }

  copy(): Budget {
    const copy = new Budget(this.limits);
    copy.operations = this.operations;
    copy.rounds = this.rounds;
    copy.steps = this.steps;
    copy.#nextClock = this.#nextClock;
    return copy;
  }

  /** Counts classical work: one a statement or operation on values, more for long bit strings and arrays. */
  step(span: Span, count = 1): void {
    this.steps += count;
    if (this.steps < this.#nextClock) return;
    this.#nextClock = this.steps + STEPS_A_CLOCK;
    if (this.steps > this.limits.steps) {
      fail(
        span,
        'limit',
        `the program takes more than ${this.limits.steps} classical steps`,
        `at most ${this.limits.steps} statements and operations in one run`,
      );
    }
    const now = performance.now();
    this.#since ??= now;
    if (now - this.#since > this.limits.milliseconds) {
      fail(
        span,
        'limit',
        `the program computes for more than ${this.limits.milliseconds} ms without a quantum operation`,
        `at most ${this.limits.milliseconds} ms`,
      );
    }
  }

  /** Counts an operation that goes out. What the device does with it is not our time: the clock starts anew. */
  operation(span: Span): void {
    this.operations++;
    this.#since = undefined;
    if (this.operations > this.limits.operations) this.tooManyOperations(span, 'the program');
  }

  /** Refuses a statement that stands for at least `count` more operations before any of them is made. */
  expectOperations(span: Span, count: number, what: string): void {
    if (this.operations + count > this.limits.operations) this.tooManyOperations(span, what, count);
  }

  round(span: Span): void {
    this.rounds++;
    if (this.rounds > this.limits.rounds) this.#tooManyRounds(span);
  }

  /** Refuses a loop of `count` rounds before its first. */
  expectRounds(span: Span, count: bigint): void {
    if (BigInt(this.rounds) + count > BigInt(this.limits.rounds)) this.#tooManyRounds(span, count);
  }

  tooManyOperations(span: Span, what: string, count?: number): never {
    const stands = count === undefined ? 'runs' : `stands for ${approximate(count)} quantum operations,`;
    const more = count === undefined ? `more than ${this.limits.operations} quantum operations` : 'too many';
    fail(
      span,
      'limit',
      `${what} ${stands} ${more}`,
      `at most ${this.limits.operations} quantum operations in one run`,
    );
  }

  #tooManyRounds(span: Span, count?: bigint): never {
    const message =
      count === undefined
        ? `the loops of the program take more than ${this.limits.rounds} rounds`
        : `a loop of ${count} rounds is too long`;
    fail(span, 'limit', message, `at most ${this.limits.rounds} rounds of all loops together`);
  }
}

/** 2199023255552 as it is, 1e+80 as a power of ten. */
function approximate(count: number): string {
  if (count === Number.POSITIVE_INFINITY) return 'more than 10^308';
  return count < 1e15 ? String(count) : `about 10^${Math.floor(Math.log10(count))}`;
}
