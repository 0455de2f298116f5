import type { Gate } from '@quantum-hub/openqasm';
import type { Random } from '../random.ts';
import type { Amplitudes } from './amplitudes.ts';

/** The oracle of the kernels: the same gate by the definition in `Gate`, amplitude by amplitude, without any cleverness. */
export function applyByDefinition({ qubits, re, im }: Amplitudes, gate: Gate): Amplitudes {
  const out = { qubits, re: new Float64Array(re.length), im: new Float64Array(re.length) };
  const size = 2 ** gate.targets.length;
  for (let column = 0; column < re.length; column++) {
    const acts = gate.controls.every((qubit, at) => ((column >> qubit) & 1) === (gate.polarity?.[at] ?? 1));
    const k = gate.targets.reduce((bits, qubit, j) => bits | (((column >> qubit) & 1) << j), 0);
    for (let row = 0; row < (acts ? size : 1); row++) {
      const [mr, mi] = acts
        ? [gate.matrix[2 * (row * size + k)] as number, gate.matrix[2 * (row * size + k) + 1] as number]
        : [1, 0];
      const target = acts
        ? gate.targets.reduce(
            (index, qubit, j) => (index & ~(1 << qubit)) | (((row >> j) & 1) << qubit),
            column,
          )
        : column;
      out.re[target] = (out.re[target] as number) + mr * (re[column] as number) - mi * (im[column] as number);
      out.im[target] = (out.im[target] as number) + mr * (im[column] as number) + mi * (re[column] as number);
    }
  }
  return out;
}

export function randomState(qubits: number, random: Random): Amplitudes {
  const draw = () => Float64Array.from({ length: 2 ** qubits }, () => random.uniform() - 0.5);
  const [re, im] = [draw(), draw()];
  const norm = Math.hypot(...re, ...im);
  return { qubits, re: re.map((x) => x / norm), im: im.map((x) => x / norm) };
}

export function distance(a: Amplitudes, b: Amplitudes): number {
  return Math.max(
    ...a.re.map((x, i) => Math.abs(x - (b.re[i] as number))),
    ...a.im.map((x, i) => Math.abs(x - (b.im[i] as number))),
  );
}

/** A gate of any shape on random qubits; its matrix need not be unitary for the kernels to be compared. */
export function randomGate(qubits: number, random: Random): Gate {
  const pick = (limit: number) => Math.floor(random.uniform() * limit);
  const order = Array.from({ length: qubits }, (_, qubit) => qubit);
  for (let i = order.length - 1; i > 0; i--) {
    const j = pick(i + 1);
    [order[i], order[j]] = [order[j] as number, order[i] as number];
  }
  const targets = order.splice(0, pick(Math.min(4, qubits + 1)));
  const controls = order.splice(0, pick(order.length + 1));
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
