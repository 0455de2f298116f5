/** What is known of one qubit of the noisy device. Times in seconds, errors as probabilities. */
type QubitCalibration = {
  readonly t1: number;
  readonly t2: number;
  /** Depolarizing error of a gate on this qubit alone. */
  readonly oneQubitError: number;
  /** Reads 1 where there was 0, and 0 where there was 1. */
  readonly readout: { readonly oneForZero: number; readonly zeroForOne: number };
  /** Left in 1 after a reset. */
  readonly resetError: number;
};

/** The device's noise. Made up, in the range of superconducting devices of 2025; no machine has it. */
export type Calibration = {
  readonly note: string;
  readonly qubits: readonly QubitCalibration[];
  /** Seconds that a gate takes, by the number of its qubits (controls counted in): decay goes on meanwhile. */
  readonly gateSeconds: { readonly one: number; readonly two: number };
  /** Depolarizing error of a gate on two qubits. On k of them: k - 1 times, on each two neighbours (controls first). */
  readonly twoQubitError: number;
};

export const NOISY_QUBITS = 20;

/** One after another, qubits are better and worse by up to a third around the middle values: fixed, not drawn. */
export function madeUpCalibration(): Calibration {
  const qubits = Array.from({ length: NOISY_QUBITS }, (_, qubit) => {
    const quality = 1 + ((((qubit * 7) % 11) - 5) / 5) * 0.33;
    return {
      t1: 150e-6 / quality,
      t2: 110e-6 / quality,
      oneQubitError: 3e-4 * quality,
      readout: { oneForZero: 0.008 * quality, zeroForOne: 0.018 * quality },
      resetError: 0.002 * quality,
    };
  });
  return {
    note: 'made up for local/noisy, version 1; no machine has these values',
    qubits,
    gateSeconds: { one: 40e-9, two: 300e-9 },
    twoQubitError: 6e-3,
  };
}

/** No noise at all: for comparison with the exact devices. */
export function noiselessCalibration(): Calibration {
  const qubit: QubitCalibration = {
    t1: Number.POSITIVE_INFINITY,
    t2: Number.POSITIVE_INFINITY,
    oneQubitError: 0,
    readout: { oneForZero: 0, zeroForOne: 0 },
    resetError: 0,
  };
  return {
    note: 'no noise',
    qubits: Array.from({ length: NOISY_QUBITS }, () => qubit),
    gateSeconds: { one: 0, two: 0 },
    twoQubitError: 0,
  };
}
