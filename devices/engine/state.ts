import type { PauliTerm } from '@quantum-hub/execution/ports';
import type { Gate } from '@quantum-hub/openqasm';
import type { Random } from './random.ts';

/** A simulated quantum state of a fixed number of qubits, at first all 0. */
export type QuantumState = {
  apply(gate: Gate): void;
  /** The probability that a measurement of the qubit gives 1. */
  probabilityOfOne(qubit: number): number;
  /** Projects onto an outcome of positive probability and normalises. */
  collapse(qubit: number, outcome: 0 | 1): void;
  copy(): QuantumState;
  /**
   * Measures `qubits` together `shots` times without changing the state. `tell` gets each outcome (one byte a qubit, in the
   * order asked, in a buffer that is used again) and how often it came; the same outcome may come more than once. To be iterated to its end:
   * it pauses on the way, so that the caller can stop.
   */
  sample(
    qubits: readonly number[],
    shots: number,
    random: Random,
    tell: (outcome: Uint8Array, count: number) => void,
  ): Iterable<void>;
  /** The expectation value of a product of Paulis, -1 to 1. */
  expectation(paulis: PauliTerm['paulis']): number;
};

/** A state cannot take an operation; told to the person with the operation's place. */
export class NotServed extends Error {
  override readonly name = 'NotServed';
  readonly expected: string;
  constructor(message: string, expected: string) {
    super(message);
    this.expected = expected;
  }
}
