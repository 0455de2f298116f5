/**
 * 2^n complex numbers, real and imaginary part side by side: amplitude i at 2i and 2i + 1, and bit q of i is qubit q.
 */
export type Amplitudes = { readonly qubits: number; readonly data: Float64Array };

/** All qubits 0. */
export function groundState(qubits: number): Amplitudes {
  const data = new Float64Array(2 * 2 ** qubits);
  data[0] = 1;
  return { qubits, data };
}

/** Bytes that a state of so many qubits takes. */
export function stateBytes(qubits: number): number {
  return 16 * 2 ** qubits;
}
