import type { Gate } from '@quantum-hub/openqasm';

const MATRICES = {
  x: Float64Array.of(0, 0, 1, 0, 1, 0, 0, 0),
  y: Float64Array.of(0, 0, 0, -1, 0, 1, 0, 0),
  z: Float64Array.of(1, 0, 0, 0, 0, 0, -1, 0),
};

export function pauliGate(name: keyof typeof MATRICES, qubit: number): Gate {
  return gateOn(qubit, MATRICES[name], name);
}

/** Any 2 x 2 matrix on a qubit, unitary or not. */
export function gateOn(qubit: number, matrix: Float64Array, name = 'u'): Gate {
  return { kind: 'gate', name, parameters: [], matrix, controls: [], polarity: undefined, targets: [qubit] };
}

/** The Pauli product of a number below 4^k: two bits a qubit, 1 x, 2 y, 3 z. */
export function pauliProduct(code: number, qubits: readonly number[]): Gate[] {
  return qubits.flatMap((qubit, at) => {
    const name = ([undefined, 'x', 'y', 'z'] as const)[(code >> (2 * at)) & 3];
    return name ? [pauliGate(name, qubit)] : [];
  });
}

export function isDiagonal(matrix: Float64Array): boolean {
  const size = Math.sqrt(matrix.length / 2);
  for (let entry = 0; entry < size * size; entry++) {
    if (entry % (size + 1) !== 0 && (matrix[2 * entry] !== 0 || matrix[2 * entry + 1] !== 0)) return false;
  }
  return true;
}
