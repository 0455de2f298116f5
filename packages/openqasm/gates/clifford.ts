import type { Gate } from '../program/operation.ts';
import { unitaryOf } from './dense.ts';
import { adjoint, type Matrix, multiply, rows } from './matrix.ts';

const NEAR = 1e-9;
const WIDEST = 6;
const cache = new WeakMap<Matrix, Map<number, boolean>>();

/**
 * Whether a gate maps every Pauli operator to a Pauli operator, by its matrix: rz(pi/2) is, whatever made it. Gates of more than six
 * qubits count as not. Control polarity and which qubits they are makes no difference.
 */
export function isClifford(gate: Gate): boolean {
  const known = cache.get(gate.matrix) ?? new Map<number, boolean>();
  cache.set(gate.matrix, known);
  const before = known.get(gate.controls.length);
  if (before !== undefined) return before;
  const result = check(gate);
  known.set(gate.controls.length, result);
  return result;
}

function check({ matrix, controls, targets }: Gate): boolean {
  const qubits = controls.length + targets.length;
  if (qubits === 0) return true;
  if (qubits > WIDEST) return false;
  const places = Array.from({ length: qubits }, (_, at) => at);
  const unitary = unitaryOf(
    [
      {
        kind: 'gate',
        name: 'u',
        parameters: [],
        matrix,
        controls: places.slice(0, controls.length),
        polarity: undefined,
        targets: places.slice(controls.length),
      },
    ],
    qubits,
  );
  const inverse = adjoint(unitary);
  return places.every((qubit) =>
    [pauliX, pauliZ].every((pauli) => isPauli(multiply(multiply(unitary, pauli(qubit, qubits)), inverse))),
  );
}

function pauliX(qubit: number, qubits: number): Matrix {
  const size = 2 ** qubits;
  const matrix = new Float64Array(2 * size * size);
  for (let row = 0; row < size; row++) matrix[2 * (row * size + (row ^ (1 << qubit)))] = 1;
  return matrix;
}

function pauliZ(qubit: number, qubits: number): Matrix {
  const size = 2 ** qubits;
  const matrix = new Float64Array(2 * size * size);
  for (let row = 0; row < size; row++) matrix[2 * row * (size + 1)] = (row >> qubit) & 1 ? -1 : 1;
  return matrix;
}

/** A Pauli operator has one entry a row, at column `row ^ mask`, whose sign is a product of one sign a bit of the row. */
function isPauli(matrix: Matrix): boolean {
  const size = rows(matrix);
  let mask = 0;
  while (mask < size && Math.hypot(matrix[2 * mask] as number, matrix[2 * mask + 1] as number) < 0.5) mask++;
  if (mask === size) return false;
  const entry = (row: number): readonly [number, number] => {
    const at = 2 * (row * size + (row ^ mask));
    return [matrix[at] as number, matrix[at + 1] as number];
  };
  const [re, im] = entry(0);
  const sign = (row: number): number => {
    const [a, b] = entry(row);
    if (Math.hypot(a - re, b - im) < NEAR) return 1;
    return Math.hypot(a + re, b + im) < NEAR ? -1 : 0;
  };
  if (Math.abs(Math.hypot(re, im) - 1) > NEAR) return false;
  for (let row = 0; row < size; row++) {
    let product = 1;
    for (let bit = 1; bit < size; bit *= 2) if (row & bit) product *= sign(bit);
    if (product === 0 || sign(row) !== product) return false;
  }
  return true;
}
