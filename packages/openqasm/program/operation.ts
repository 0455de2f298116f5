import type { Diagnostic, Span } from '../source/diagnostic.ts';

/**
 * A unitary on `targets.length` qubits under `controls`. `matrix` is row-major, complex numbers interleaved (re, im), of
 * 2^k x 2^k entries for k targets; bit j of a row or column number belongs to `targets[j]`. It acts where every `controls[i]`
 * reads `1` (or `0` where `polarity` has a 0 at i). No qubit stands twice. `targets` may be empty: a (controlled) global phase, a 1 x 1 matrix.
 */
export type Gate = {
  readonly kind: 'gate';
  /** The name of the standard gate this is, without its controls: `x` for cx and ccx; `u` where it has none. */
  readonly name: string;
  /** Radians. */
  readonly parameters: readonly number[];
  readonly matrix: Float64Array;
  readonly controls: readonly number[];
  /** One entry a control; undefined: all ones. */
  readonly polarity: readonly (0 | 1)[] | undefined;
  readonly targets: readonly number[];
};

/** What a program asks of a device, one after another. Qubits by their number in the program. */
export type Operation =
  | Gate
  /**
   * The device measures `qubit` and calls `resolve(id, outcome)`: now, or later (a qubit that nothing touches again can be
   * sampled at the end), at the latest when a `need` asks for it. Ids count from 0 in the order of the run.
   */
  | { readonly kind: 'measure'; readonly qubit: number; readonly id: number }
  /** The program reads the outcome of measurement `id`: `resolve(id, ...)` must be called before `next()`. */
  | { readonly kind: 'need'; readonly id: number }
  | { readonly kind: 'reset'; readonly qubit: number }
  | { readonly kind: 'barrier'; readonly qubits: readonly number[] }
  | { readonly kind: 'delay'; readonly qubits: readonly number[]; readonly seconds: number };

/**
 * One run of a program. A device pulls operations until there are none; a copy goes on by itself, so that a device may follow both
 * outcomes of a measurement. Runs of one program with the same outcomes are the same.
 */
export type Run = {
  /** The next operation, or undefined at the end. Throws `ProgramError` where the run fails (a limit, an index, a division by zero). */
  next(): Operation | undefined;
  resolve(id: number, outcome: 0 | 1): void;
  copy(): Run;
  /** Share of the program that this run has behind it, 0 to 1, never falling: an estimate, since a loop may end early. */
  progress(): number;
  /** The place of the operation that was handed out last. */
  where(): { readonly line: number; readonly column: number; readonly length: number };
  /**
   * The registers' bits in their order of declaration, bit 0 first: 0 or 1, or 2 + m for the outcome of measurement m that was never resolved.
   * Length: the sum of the registers' sizes. Valid after the end.
   */
  bits(): Int32Array;
};

/** A program fails while it runs, at a place of its source. */
export class ProgramError extends Error {
  override readonly name = 'ProgramError';
  readonly diagnostic: Diagnostic;
  constructor(diagnostic: Diagnostic) {
    super(diagnostic.message);
    this.diagnostic = diagnostic;
  }
}

/** A failure inside of a run, before lines are counted. */
export type Failure = Span & Omit<Diagnostic, 'line' | 'column' | 'length' | 'file'>;
