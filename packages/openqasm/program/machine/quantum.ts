import type { Span } from '../../source/diagnostic.ts';
import type { Operation } from '../operation.ts';
import type { Call } from './shape.ts';

/** What an instruction asks of the device: several operations, or calls that are walked through. */
export type Quantum = {
  readonly kind: 'quantum';
  readonly span: Span;
  readonly operations: readonly Operation[] | undefined;
  readonly calls: readonly Call[] | undefined;
  /** How many operations it stands for, at least. */
  readonly least: number;
};
