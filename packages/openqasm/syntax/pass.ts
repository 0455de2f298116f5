import type { Finding } from '../source/diagnostic.ts';
import { Findings } from '../source/findings.ts';
import { DEFAULT_LIMITS, type Limits } from '../source/limits.ts';
import { Names } from './names.ts';

/** Thrown (without a stack: cheap) to leave a statement that can't be read; the finding was added before. */
export const BROKEN = Symbol('broken statement');
/** Thrown to end the whole pass: a limit was reached, or nothing further can be said. */
export const ABORTED = Symbol('aborted pass');

/** What the lexer and the parser of one program share: names, findings, limits and the clock. */
export class Pass {
  readonly names = new Names();
  readonly findings = new Findings();
  readonly limits: Limits;
  readonly #deadline: number;
  /** Tokens of all files so far. */
  #tokens = 0;

  constructor(limits: Partial<Limits> = {}) {
    this.limits = { ...DEFAULT_LIMITS, ...limits };
    this.#deadline = performance.now() + this.limits.milliseconds;
  }

  /** Ends the pass with this finding. */
  abort(finding: Finding): never {
    this.findings.add(finding);
    throw ABORTED;
  }

  /** Ends the pass; the finding was added before. */
  abortReported(): never {
    throw ABORTED;
  }

  /** Counts tokens and looks at the clock; called every few thousand tokens, with how many were read at `at`. */
  spend(tokens: number, at: number): void {
    this.#tokens += tokens;
    const place = { start: at, end: at, code: 'limit' as const };
    if (this.#tokens > this.limits.tokens) {
      const expected = `at most ${this.limits.tokens} tokens`;
      this.abort({ ...place, message: `The program has more than ${this.limits.tokens} tokens.`, expected });
    }
    if (performance.now() > this.#deadline) {
      const expected = `a program that is read within ${this.limits.milliseconds} ms`;
      const message = `Reading the program took longer than the limit of ${this.limits.milliseconds} ms.`;
      this.abort({ ...place, message, expected });
    }
  }

  /** More findings than a person would read: what follows is not read. */
  stopWhenFull(): void {
    if (this.findings.full) throw ABORTED;
  }
}
