import type { Gate } from '@quantum-hub/openqasm';

/** A Pauli product on k qubits, i^(x.z) X^x Z^z with a sign: bit j of the masks belongs to the j-th qubit of the gate. */
type Image = { readonly x: number; readonly z: number; readonly negative: boolean };

/**
 * What a Clifford gate does to Paulis, U P U^-1, ready to be applied to packed rows. Inputs are the bits x_0, z_0, x_1, z_1, ... of a
 * row at the gate's qubits (targets first, then controls); each output bit is a sum of some of them, the sign changes by a sum of products of some.
 */
export type CliffordAction = {
  readonly qubits: readonly number[];
  /** For each output bit (x_0, z_0, x_1, ...) the mask of the input bits that are added. */
  readonly outputs: readonly number[];
  /** Masks of input bits whose product is added to the sign. */
  readonly sign: readonly number[];
};

const MOST_QUBITS = 4;
/** Rounding of a gate's matrix stays far below, an angle that only looks like a multiple of pi/2 far above. */
const TOLERANCE = 1e-10;

/** The action of a gate, or undefined where it is not Clifford (or acts on more than four qubits). */
export function cliffordAction(gate: Gate): CliffordAction | undefined {
  const qubits = [...gate.targets, ...gate.controls];
  const known = remembered(gate);
  if (known !== undefined) return known === 'none' ? undefined : { ...known, qubits };
  const action = qubits.length > MOST_QUBITS ? undefined : findAction(gate, qubits.length);
  remember(gate, action ?? 'none');
  return action && { ...action, qubits };
}

type Shape = Omit<CliffordAction, 'qubits'>;
const memory = new WeakMap<Float64Array, Map<string, Shape | 'none'>>();

/** Gates of one kind share their matrix; what else matters is how many controls there are and which wait for 0. */
function shapeOf({ controls, polarity }: Gate): string {
  return polarity ? polarity.join('') : '1'.repeat(controls.length);
}
function remembered(gate: Gate): Shape | 'none' | undefined {
  return memory.get(gate.matrix)?.get(shapeOf(gate));
}
function remember(gate: Gate, action: Shape | 'none'): void {
  const shapes = memory.get(gate.matrix) ?? new Map<string, Shape | 'none'>();
  memory.set(gate.matrix, shapes.set(shapeOf(gate), action));
}

function findAction(gate: Gate, qubits: number): Shape | undefined {
  const unitary = wholeMatrix(gate, qubits);
  const images: Image[] = [];
  for (let generator = 0; generator < 2 * qubits; generator++) {
    const bit = 1 << (generator >> 1);
    const image = conjugate(
      unitary,
      2 ** qubits,
      generator % 2 === 0 ? bit : 0,
      generator % 2 === 0 ? 0 : bit,
    );
    if (image === undefined) return undefined;
    images.push(image);
  }
  return { outputs: outputsOf(images, qubits), sign: signOf(images, qubits) };
}

type Complex = { readonly re: Float64Array; readonly im: Float64Array };

/** The gate with its controls as one matrix. */
function wholeMatrix({ targets, controls, polarity, matrix }: Gate, qubits: number): Complex {
  const size = 2 ** qubits;
  const inner = 2 ** targets.length;
  const re = new Float64Array(size * size);
  const im = new Float64Array(size * size);
  for (let column = 0; column < size; column++) {
    const acts = controls.every((_, at) => ((column >> (targets.length + at)) & 1) === (polarity?.[at] ?? 1));
    const high = column - (column % inner);
    for (let row = 0; row < inner; row++) {
      const entry = 2 * (row * inner + (column % inner));
      const place = (high + row) * size + column;
      re[place] = acts ? (matrix[entry] as number) : Number(high + row === column);
      im[place] = acts ? (matrix[entry + 1] as number) : 0;
    }
  }
  return { re, im };
}

/** U X^x Z^z U^-1 as a Pauli, if it is one. */
function conjugate(u: Complex, size: number, x: number, z: number): Image | undefined {
  const entryOf = (row: number, column: number): [number, number] => {
    let sumRe = 0;
    let sumIm = 0;
    for (let k = 0; k < size; k++) {
      // (U P)(row, k) = U(row, k xor x) (-1)^(k.z), and U^-1(k, column) is the conjugate of U(column, k).
      const sign = parity(k & z) ? -1 : 1;
      const [ar, ai] = [
        sign * (u.re[row * size + (k ^ x)] as number),
        sign * (u.im[row * size + (k ^ x)] as number),
      ];
      const [br, bi] = [u.re[column * size + k] as number, -(u.im[column * size + k] as number)];
      sumRe += ar * br - ai * bi;
      sumIm += ar * bi + ai * br;
    }
    return [sumRe, sumIm];
  };
  return pauliOf(size, entryOf);
}

function pauliOf(
  size: number,
  entryOf: (row: number, column: number) => [number, number],
): Image | undefined {
  let x = 0;
  while (x < size && Math.hypot(...entryOf(x, 0)) < 0.5) x++;
  if (x === size) return undefined;
  const first = entryOf(x, 0);
  let z = 0;
  for (let bit = 1; bit < size; bit *= 2) {
    const [re, im] = entryOf(x ^ bit, bit);
    if (re * first[0] + im * first[1] < 0) z |= bit;
  }
  // A Hermitian Pauli is i^(number of Ys) X^x Z^z up to its sign.
  const phase = [
    [1, 0],
    [0, 1],
    [-1, 0],
    [0, -1],
  ][countBits(x & z) % 4] as [number, number];
  const negative = first[0] * phase[0] + first[1] * phase[1] < 0;
  for (let column = 0; column < size; column++) {
    for (let row = 0; row < size; row++) {
      const sign = (parity(column & z) ? -1 : 1) * (negative ? -1 : 1);
      const [re, im] = entryOf(row, column);
      const here = row === (column ^ x);
      if (Math.abs(re - (here ? sign * phase[0] : 0)) > TOLERANCE) return undefined;
      if (Math.abs(im - (here ? sign * phase[1] : 0)) > TOLERANCE) return undefined;
    }
  }
  return { x, z, negative };
}

function outputsOf(images: readonly Image[], qubits: number): number[] {
  return Array.from({ length: 2 * qubits }, (_, output) => {
    const bit = 1 << (output >> 1);
    return images.reduce(
      (mask, { x, z }, input) => ((output % 2 === 0 ? x : z) & bit ? mask | (1 << input) : mask),
      0,
    );
  });
}

/** The sign of the image of every row (a function of 2k bits), as a sum of products: the Moebius transform of its table. */
function signOf(images: readonly Image[], qubits: number): number[] {
  const inputs = 2 * qubits;
  const table = Array.from({ length: 2 ** inputs }, (_, bits) => imageSign(images, bits, qubits));
  for (let step = 1; step < table.length; step *= 2) {
    for (let at = 0; at < table.length; at++) {
      if (at & step) table[at] = (table[at] as number) ^ (table[at ^ step] as number);
    }
  }
  return table.flatMap((coefficient, monomial) => (coefficient === 1 ? [monomial] : []));
}

/** 1 where the row with these bits, i^(x.z) X^x Z^z, becomes minus a Pauli: images multiplied one after another, powers of i counted. */
function imageSign(images: readonly Image[], bits: number, qubits: number): number {
  let quarter = 0;
  let x = 0;
  let z = 0;
  for (let input = 0; input < 2 * qubits; input++) {
    if (!((bits >> input) & 1)) continue;
    const image = images[input] as Image;
    quarter += (image.negative ? 2 : 0) + countBits(image.x & image.z) + 2 * countBits(z & image.x);
    x ^= image.x;
    z ^= image.z;
  }
  // The row's own Ys: i for each x_j z_j, on top of the product X_j Z_j taken above.
  for (let qubit = 0; qubit < qubits; qubit++) if (((bits >> (2 * qubit)) & 3) === 3) quarter += 1;
  return (((quarter - countBits(x & z)) % 4) + 4) % 4 === 2 ? 1 : 0;
}

function countBits(bits: number): number {
  let count = 0;
  for (let rest = bits; rest !== 0; rest &= rest - 1) count++;
  return count;
}
function parity(bits: number): boolean {
  return countBits(bits) % 2 === 1;
}
