/**
 * How large a program may be, set by the caller. Each limit ends a pass with one `limit` diagnostic that names it;
 * none is ever reached by allocation first.
 */
export type Limits = {
  /** UTF-8 bytes of the source. */
  readonly bytes: number;
  readonly tokens: number;
  /** How deep expressions, blocks, gate calls and subroutine calls may nest, each by itself. */
  readonly nesting: number;
  /** Quantum operations (gates after expansion, measurements, resets) of one run. */
  readonly operations: number;
  /** Rounds of all loops of one run together. */
  readonly rounds: number;
  /** Classical steps (statements and calls evaluated) of one run. */
  readonly steps: number;
  readonly qubits: number;
  /** Bits of all classical registers together, and elements of all arrays together. */
  readonly bits: number;
  /** Milliseconds for parsing, checking and lowering together, by `performance.now()`; checked every few thousand steps. */
  readonly milliseconds: number;
};

export const DEFAULT_LIMITS: Limits = {
  bytes: 16 * 1024 * 1024,
  tokens: 8_000_000,
  nesting: 200,
  operations: 10_000_000,
  rounds: 1_000_000,
  steps: 20_000_000,
  qubits: 10_000,
  bits: 1_000_000,
  milliseconds: 60_000,
};
