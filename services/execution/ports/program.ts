import type { Diagnostic } from '@quantum-hub/openqasm';

/** What a device may be given to run. A closed union: a device that does not know a language says so in `validate`. */
export type QuantumProgram =
  | {
      readonly language: 'openqasm';
      /** The text, or its bytes as they were uploaded (a wrong encoding is then told with its line). */
      readonly source: string | Uint8Array;
      /** Files that `include` may name; the file system is never read. */
      readonly includes?: Readonly<Record<string, string>>;
    }
  | { readonly language: 'qsharp'; readonly source: string };

/** Values of a program's `input`s by name; bound exactly (wrong type or range is an error, never a conversion). */
export type Inputs = Readonly<Record<string, unknown>>;

/** One term of an observable: a coefficient and a Pauli on some qubits (others: identity). */
export type PauliTerm = {
  readonly coefficient: number;
  /** Qubit number -> Pauli. Qubits are numbered in the order of their declaration. */
  readonly paulis: Readonly<Record<number, 'X' | 'Y' | 'Z'>>;
};
export type Observable = {
  /** As the person wrote it: "0.5*Z0 Z1 - X2". */
  readonly text: string;
  readonly terms: readonly PauliTerm[];
};

/** What is asked of a device. */
export type DeviceRequest =
  | {
      readonly kind: 'counts';
      readonly program: QuantumProgram;
      readonly inputs?: Inputs;
      /** How often the program is run; 1 to the profile's `maximumShots`. */
      readonly shots: number;
      /** 0 to 2^53 - 1. Same seed, request, device and version: same counts, on every machine. */
      readonly seed: number;
      /** Whether the outcome of every shot is wanted too, in the order of the shots. */
      readonly memory?: boolean;
    }
  | {
      readonly kind: 'expectation';
      readonly program: QuantumProgram;
      readonly inputs?: Inputs;
      readonly observables: readonly Observable[];
      /** undefined: exact values, no sampling. */
      readonly shots: number | undefined;
      readonly seed: number;
    }
  | { readonly kind: 'resources'; readonly program: QuantumProgram; readonly inputs?: Inputs };

/** A refusal with places: what `validate` and `run` answer to a program that is wrong here. */
export type ProgramErrors = readonly Diagnostic[];
