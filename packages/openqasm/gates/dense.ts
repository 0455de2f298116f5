import type { Gate } from '../program/operation.ts';
import { identity, type Matrix } from './matrix.ts';

/**
 * Puts a gate after what `matrix` does: applies it to each column, a state of as many qubits as the matrix has (bit q of a row: qubit q).
 * In place. Takes 4^n steps for each row of the gate's own matrix: for matrices of a few qubits.
 */
export function applyToColumns(matrix: Matrix, qubits: number, gate: Gate): void {
  const size = 2 ** qubits;
  const inner = 2 ** gate.targets.length;
  const spread = Array.from({ length: inner }, (_, row) =>
    gate.targets.reduce((bits, target, j) => bits | (((row >> j) & 1) << target), 0),
  );
  const targetMask = spread[inner - 1] as number;
  const controlMask = gate.controls.reduce((bits, control) => bits | (1 << control), 0);
  const wanted = gate.controls.reduce((bits, control, i) => bits | ((gate.polarity?.[i] ?? 1) << control), 0);
  const re = new Float64Array(inner);
  const im = new Float64Array(inner);
  for (let row = 0; row < size; row++) {
    if ((row & targetMask) !== 0 || (row & controlMask) !== wanted) continue;
    const rowsOfGate = spread.map((bits) => row | bits);
    for (let column = 0; column < size; column++) {
      mixRows(matrix, size, rowsOfGate, column, gate.matrix, re, im);
    }
  }
}

function mixRows(
  matrix: Matrix,
  size: number,
  rowsOfGate: readonly number[],
  column: number,
  gate: Matrix,
  re: Float64Array,
  im: Float64Array,
): void {
  const inner = rowsOfGate.length;
  for (let j = 0; j < inner; j++) {
    const at = 2 * ((rowsOfGate[j] as number) * size + column);
    re[j] = matrix[at] as number;
    im[j] = matrix[at + 1] as number;
  }
  for (let i = 0; i < inner; i++) {
    let sumRe = 0;
    let sumIm = 0;
    for (let j = 0; j < inner; j++) {
      const a = gate[2 * (i * inner + j)] as number;
      const b = gate[2 * (i * inner + j) + 1] as number;
      sumRe += a * (re[j] as number) - b * (im[j] as number);
      sumIm += a * (im[j] as number) + b * (re[j] as number);
    }
    const at = 2 * ((rowsOfGate[i] as number) * size + column);
    matrix[at] = sumRe;
    matrix[at + 1] = sumIm;
  }
}

/** The unitary of gates one after another. */
export function unitaryOf(gates: Iterable<Gate>, qubits: number): Matrix {
  const matrix = identity(2 ** qubits);
  for (const gate of gates) applyToColumns(matrix, qubits, gate);
  return matrix;
}
