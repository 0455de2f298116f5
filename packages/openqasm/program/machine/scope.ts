import type { Span } from '../../source/diagnostic.ts';
import type { Budget } from './budget.ts';
import type { Frame } from './frame.ts';
import type { Outcomes } from './outcomes.ts';

/** What an expression is evaluated in. */
export type Scope = {
  readonly globals: Frame;
  /** The running subroutine's or gate's variables; the globals outside of them. */
  readonly local: Frame;
  readonly outcomes: Outcomes;
  readonly budget: Budget;
  /** What is being worked on: the place of a `ValueError`. */
  where: Span;
};
