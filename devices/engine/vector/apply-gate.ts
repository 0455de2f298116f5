import type { Gate } from '@quantum-hub/openqasm';
import { isDiagonal } from '../gates.ts';
import type { Amplitudes } from './amplitudes.ts';
import { exchange, multiply, rotate, type Selection, transform } from './kernels.ts';

/** Applies a gate to a state by the cheapest kernel that does it. */
export function applyGate(amplitudes: Amplitudes, gate: Gate): void {
  const { targets, matrix } = gate;
  const selection = selectionOf(gate);
  const [first, second] = targets;
  if (first === undefined) {
    scale(amplitudes, selection, matrix, 0);
  } else if (second === undefined) {
    applyToOne(amplitudes, selection, 2 ** first, matrix);
  } else if (targets.length === 2 && isSwap(matrix)) {
    exchange(amplitudes, selection, 2 ** first, 2 ** second);
  } else if (isDiagonal(matrix)) {
    applyDiagonal(amplitudes, selection, targets, matrix);
  } else {
    transform(
      amplitudes,
      selection,
      targets.map((qubit) => 2 ** qubit),
      matrix,
    );
  }
}

function selectionOf({ controls, polarity, targets }: Gate): Selection {
  let fixed = 0;
  let ones = 0;
  controls.forEach((qubit, index) => {
    fixed |= 1 << qubit;
    if (polarity?.[index] !== 0) ones |= 1 << qubit;
  });
  for (const qubit of targets) fixed |= 1 << qubit;
  return { fixed, ones };
}

function applyToOne(amplitudes: Amplitudes, selection: Selection, bit: number, matrix: Float64Array): void {
  if (isDiagonal(matrix)) {
    scale(amplitudes, selection, matrix, 0);
    scale(amplitudes, { fixed: selection.fixed, ones: selection.ones | bit }, matrix, 6);
  } else if (isExchange(matrix)) {
    exchange(amplitudes, selection, 0, bit);
  } else {
    rotate(amplitudes, selection, bit, matrix);
  }
}

function applyDiagonal(
  amplitudes: Amplitudes,
  { fixed, ones }: Selection,
  targets: readonly number[],
  matrix: Float64Array,
): void {
  const size = 2 ** targets.length;
  for (let row = 0; row < size; row++) {
    const here = targets.reduce((bits, qubit, j) => ((row >> j) & 1 ? bits | (1 << qubit) : bits), ones);
    scale(amplitudes, { fixed, ones: here }, matrix, 2 * row * (size + 1));
  }
}

/** Multiplies by the matrix entry at `offset`; a factor of 1 costs nothing. */
function scale(amplitudes: Amplitudes, selection: Selection, matrix: Float64Array, offset: number): void {
  const re = matrix[offset] as number;
  const im = matrix[offset + 1] as number;
  if (re !== 1 || im !== 0) multiply(amplitudes, selection, re, im);
}

const X = [0, 0, 1, 0, 1, 0, 0, 0];
function isExchange(matrix: Float64Array): boolean {
  return X.every((entry, index) => matrix[index] === entry);
}

const SWAP = Array.from({ length: 32 }, (_, index) =>
  index === 0 || index === 12 || index === 18 || index === 30 ? 1 : 0,
);
function isSwap(matrix: Float64Array): boolean {
  return SWAP.every((entry, index) => matrix[index] === entry);
}
