import type { Gate } from '@quantum-hub/openqasm';
import type { Random } from '../random.ts';
import type { Amplitudes } from './amplitudes.ts';

/** The oracle of the kernels: the same gate by the definition in `Gate`, amplitude by amplitude, without any cleverness. */
export function applyByDefinition({ qubits, data }: Amplitudes, gate: Gate): Amplitudes {
  const out = new Float64Array(data.length);
  const size = 2 ** gate.targets.length;
  for (let column = 0; column < 2 ** qubits; column++) {
    const acts = gate.controls.every((qubit, at) => ((column >> qubit) & 1) === (gate.polarity?.[at] ?? 1));
    const k = gate.targets.reduce((bits, qubit, j) => bits | (((column >> qubit) & 1) << j), 0);
    const [re, im] = [data[2 * column] as number, data[2 * column + 1] as number];
    for (let row = 0; row < (acts ? size : 1); row++) {
      const entry = 2 * (row * size + k);
      const [mr, mi] = acts ? [gate.matrix[entry] as number, gate.matrix[entry + 1] as number] : [1, 0];
      const target = acts ? indexWith(column, gate.targets, row) : column;
      out[2 * target] = (out[2 * target] as number) + mr * re - mi * im;
      out[2 * target + 1] = (out[2 * target + 1] as number) + mr * im + mi * re;
    }
  }
  return { qubits, data: out };
}

/** The index with the bits of `row` at the qubits. */
function indexWith(index: number, qubits: readonly number[], row: number): number {
  return qubits.reduce((all, qubit, j) => (all & ~(1 << qubit)) | (((row >> j) & 1) << qubit), index);
}

export function randomState(qubits: number, random: Random): Amplitudes {
  const data = Float64Array.from({ length: 2 * 2 ** qubits }, () => random.uniform() - 0.5);
  const norm = Math.sqrt(data.reduce((sum, part) => sum + part * part, 0));
  return { qubits, data: data.map((part) => part / norm) };
}

export function distance(a: Amplitudes, b: Amplitudes): number {
  return a.data.reduce((most, part, at) => Math.max(most, Math.abs(part - (b.data[at] as number))), 0);
}

/** A gate of any shape on random qubits; its matrix need not be unitary for the kernels to be compared. */
export function randomGate(qubits: number, random: Random, mostControls = qubits): Gate {
  const pick = (limit: number) => Math.floor(random.uniform() * limit);
  const order = Array.from({ length: qubits }, (_, qubit) => qubit);
  for (let i = order.length - 1; i > 0; i--) {
    const j = pick(i + 1);
    [order[i], order[j]] = [order[j] as number, order[i] as number];
  }
  const targets = order.splice(0, pick(Math.min(4, qubits + 1)));
  const controls = order.splice(0, pick(Math.min(order.length, mostControls) + 1));
  const shape = ['general', 'diagonal', 'permutation', 'real'][pick(4)] as string;
  return {
    kind: 'gate',
    name: 'u',
    parameters: [],
    matrix: randomMatrix(2 ** targets.length, shape, random),
    controls,
    polarity: pick(2) === 0 ? undefined : controls.map(() => pick(2) as 0 | 1),
    targets,
  };
}

function randomMatrix(size: number, shape: string, random: Random): Float64Array {
  const matrix = new Float64Array(2 * size * size);
  for (let row = 0; row < size; row++) {
    for (let column = 0; column < size; column++) {
      const at = 2 * (row * size + column);
      if (shape === 'permutation') matrix[at] = column === reversedBits(row, size) ? 1 : 0;
      else if (shape !== 'diagonal' || row === column) {
        matrix[at] = random.uniform() - 0.5;
        matrix[at + 1] = shape === 'real' ? 0 : random.uniform() - 0.5;
      }
    }
  }
  return matrix;
}

/** x for one qubit, swap for two: the permutations that have a kernel of their own. */
function reversedBits(row: number, size: number): number {
  if (size === 2) return 1 - row;
  let reversed = 0;
  for (let bit = 1, other = size / 2; bit < size; bit *= 2, other /= 2) if (row & bit) reversed |= other;
  return reversed;
}
