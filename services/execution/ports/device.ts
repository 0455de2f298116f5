import type { DeviceRequest, ProgramErrors, QuantumProgram } from './program.ts';
import type { DeviceAnswer } from './result.ts';

/** What a device is and can do: published, and what `validate` judges by. */
export type DeviceProfile = {
  /** `local/statevector` */
  readonly name: string;
  /** Changes whenever the same seed may give other counts. */
  readonly version: string;
  readonly description: string;
  readonly qubits: number;
  readonly maximumShots: number;
  readonly languages: readonly QuantumProgram['language'][];
  readonly requests: readonly DeviceRequest['kind'][];
  /** Names of gates it runs; 'any': every gate of the language, definitions and modifiers included. */
  readonly gates: 'any' | readonly string[];
  /** Language features that it refuses, by the names of `FEATURES` of the language package, each with why. */
  readonly refuses: Readonly<Record<string, string>>;
  /** Made-up or measured noise, documented; undefined: ideal. */
  readonly noise: unknown;
};

export type RunOptions = {
  /** Aborts the run: it rejects with the signal's reason, soon. */
  readonly signal?: AbortSignal;
  /** Share of the work done, 0 to 1, never falling; at most some tens a second. */
  readonly onProgress?: (share: number) => void;
};

/** What a device must be. Short on purpose: an adapter is written in an afternoon and judged by `devices/conformance`. */
export type Device = {
  readonly profile: DeviceProfile;
  /** What is wrong with a request here, all at once, without running it; none: it may be run. */
  validate(request: DeviceRequest): Promise<ProgramErrors>;
  run(request: DeviceRequest, options?: RunOptions): Promise<DeviceAnswer>;
};
