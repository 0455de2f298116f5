import type { ProgramErrors } from './program.ts';

export type ResultRegister = { readonly name: string; readonly size: number };

/** What every result says of its origin, so that it can be checked and repeated. */
export type Provenance = {
  readonly device: { readonly name: string; readonly version: string };
  /** SHA-256 of the program's bytes, hexadecimal. */
  readonly programHash: string;
  readonly seed: number;
};

/**
 * How often each outcome was seen. Bit order: a bitstring holds every classical register, the last declared one left-most, one
 * space between them, each from its highest bit to bit 0; a bit that nothing sets reads 0. Without registers the only outcome is ''.
 */
export type CountsResult = Provenance & {
  readonly kind: 'counts';
  readonly counts: Readonly<Record<string, number>>;
  /** The outcome of every shot in order, where it was asked for: as many as shots, in the form of the keys of `counts`. */
  readonly memory?: readonly string[];
  /** In the order of their declaration. */
  readonly registers: readonly ResultRegister[];
  readonly shots: number;
};

export type ExpectationValue = {
  readonly observable: string;
  readonly value: number;
  /** Of the mean; 0 for exact values. */
  readonly standardError: number;
};
export type ExpectationResult = Provenance & {
  readonly kind: 'expectation';
  readonly values: readonly ExpectationValue[];
  /** undefined: exact. */
  readonly shots: number | undefined;
};

export type ResourcesResult = {
  readonly kind: 'resources';
  readonly device: { readonly name: string; readonly version: string };
  readonly programHash: string;
  /** As the estimator wrote it: logical counts, physical qubits, run time. */
  readonly estimate: unknown;
};

export type DeviceResult = CountsResult | ExpectationResult | ResourcesResult;

/** A run ends in a result or in errors of the program; faults of the device itself are thrown as `HubError`. */
export type DeviceAnswer =
  | { readonly ok: true; readonly result: DeviceResult }
  | { readonly ok: false; readonly errors: ProgramErrors };
