import type { Feature, FeatureUse, Stats } from '@quantum-hub/openqasm';
import type { DeviceRequest, ProgramErrors } from './program.ts';
import type { ResultRegister } from './result.ts';

/** A JSON Schema (2020-12). */
export type JsonSchema = { readonly [key: string]: unknown };

/** What can be told of a program that compiles, without running it. */
export type ProgramFacts = {
  /** As jobs and versions of apps name it. */
  readonly language: 'openqasm2' | 'openqasm3' | 'qsharp';
  /** JSON Schema of the values of its inputs. */
  readonly inputs: JsonSchema;
  /** undefined where the language does not tell before a run (Q#). */
  readonly qubits: number | undefined;
  readonly registers: readonly ResultRegister[] | undefined;
  readonly features: readonly (Omit<FeatureUse, 'feature'> & { readonly feature: Feature })[] | undefined;
  /** Gates, depth and the like; undefined where they need inputs that were not given, or more work than a check may take. */
  readonly stats: Stats | undefined;
  /** The drawing that was asked for; undefined where the language has none (Q#). */
  readonly circuit: string | undefined;
};

export type ProgramCheck = {
  /** What is wrong with the request, all at once, by its device where one is named; none: it may be queued. */
  readonly errors: ProgramErrors;
  /** undefined for a program that does not compile. */
  readonly facts: ProgramFacts | undefined;
};

export type CheckOptions = {
  /** Whether gates and depth are counted too. */
  readonly stats?: boolean;
  /** Whether the circuit is drawn, and how. */
  readonly circuit?: 'text' | 'svg' | undefined;
};

/**
 * Judges requests before they are queued, as their devices would, but away from the process that asks: a program comes from anybody.
 * Throws `execution.check_time_exceeded`, `execution.device_failed`, and what devices throw for requests that they do not serve.
 */
export type ProgramChecker = {
  /** @param device its name, `local/statevector`; undefined: only the language is judged, and the inputs where they are given */
  check(device: string | undefined, request: DeviceRequest, options?: CheckOptions): Promise<ProgramCheck>;
};
