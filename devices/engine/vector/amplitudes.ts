/** 2^n complex numbers, real and imaginary parts apart (no shuffling in the kernels): bit q of an index is qubit q. */
export type Amplitudes = { readonly qubits: number; readonly re: Float64Array; readonly im: Float64Array };

/** All qubits 0. */
export function groundState(qubits: number): Amplitudes {
  const amplitudes = { qubits, re: new Float64Array(2 ** qubits), im: new Float64Array(2 ** qubits) };
  amplitudes.re[0] = 1;
  return amplitudes;
}

/** Bytes that a state of so many qubits takes. */
export function stateBytes(qubits: number): number {
  return 16 * 2 ** qubits;
}
