import { getBit, setBit, type Tableau } from './tableau.ts';

/**
 * Stabilizers by rows, so that a product of two is a walk along neighbours: i^quarter X^x Z^z, its X bits and then its Z bits.
 */
type Rows = {
  /** Words of the X part, and of the Z part. */
  readonly words: number;
  readonly bits: Int32Array;
  readonly quarter: Uint8Array;
};

/**
 * One outcome of measuring `qubits` in order, a random one as 0; packed, bit i for qubits[i]. The outcome is what the parities
 * among the stabilizers say: products of stabilizers without X, and without Z outside of `qubits`. Gaussian elimination finds a basis of
 * them, every one with another last qubit; that qubit is certain, and what it reads follows from those before it.
 *
 * Measuring one after another costs the same power of n and ten times as much: every measurement goes through all rows and columns with
 * counters of powers of i, this through the stabilizers that are left (dense random state of 3000 qubits: 1.36 s and 0.14 s).
 */
export function* outcomeOfMany(tableau: Tableau, qubits: readonly number[]): Generator<void, Int32Array> {
  const rows = stabilizersByRows(tableau);
  const asked = new Set(qubits);
  let left: Int32Array = Int32Array.from({ length: tableau.qubits }, (_, row) => row);
  for (let qubit = 0; qubit < tableau.qubits; qubit++) {
    left = without(rows, left, qubit >> 5, qubit & 31);
    yield;
  }
  const zWord = (qubit: number) => rows.words + (qubit >> 5);
  for (let qubit = 0; qubit < tableau.qubits; qubit++) {
    if (!asked.has(qubit)) left = without(rows, left, zWord(qubit), qubit & 31);
  }
  const parities = new Map<number, number>();
  for (const qubit of qubits.toReversed()) {
    left = without(rows, left, zWord(qubit), qubit & 31, (pivot) => parities.set(qubit, pivot));
    yield;
  }
  return outcomeOf(rows, qubits, parities);
}

/** The outcome that agrees with the parities, each given by the row that ends with its qubit. */
function outcomeOf(rows: Rows, qubits: readonly number[], parities: ReadonlyMap<number, number>): Int32Array {
  const known = new Int32Array(rows.words);
  const outcome = new Int32Array(Math.ceil(qubits.length / 32));
  for (const [at, qubit] of qubits.entries()) {
    const row = parities.get(qubit);
    if (row === undefined) continue;
    let sum = 0;
    const from = (2 * row + 1) * rows.words;
    for (let word = 0; word < rows.words; word++)
      sum ^= (rows.bits[from + word] as number) & (known[word] as number);
    const bit = ((rows.quarter[row] as number) >> 1) ^ parityOf(sum);
    setBit(known, 0, qubit, bit);
    setBit(outcome, 0, at, bit);
  }
  return outcome;
}

/**
 * Clears a bit of the rows by multiplying one that has it into the others that do; what is left are the rows without that one. Earlier
 * words of the X part hold no bits any more.
 */
function without(
  rows: Rows,
  left: Int32Array,
  word: number,
  bit: number,
  tell?: (pivot: number) => void,
): Int32Array {
  const width = 2 * rows.words;
  let pivot = -1;
  let kept = 0;
  for (let at = 0; at < left.length; at++) {
    const row = left[at] as number;
    if (((rows.bits[row * width + word] as number) >>> bit) & 1) {
      if (pivot < 0) {
        pivot = row;
        continue;
      }
      multiply(rows, row, pivot, Math.min(word, rows.words));
    }
    left[kept++] = row;
  }
  if (pivot >= 0) tell?.(pivot);
  return left.subarray(0, kept);
}

/** Multiplies `factor` into `row`; the X parts of both begin at `from`. Moving its X past the row's Z costs a sign for each pair. */
function multiply({ words, bits, quarter }: Rows, row: number, factor: number, from: number): void {
  const a = 2 * words * row;
  const b = 2 * words * factor;
  let crossed = 0;
  for (let word = from; word < words; word++) {
    const x = bits[b + word] as number;
    crossed ^= x & (bits[a + words + word] as number);
    bits[a + word] = (bits[a + word] as number) ^ x;
  }
  for (let word = words; word < 2 * words; word++) {
    bits[a + word] = (bits[a + word] as number) ^ (bits[b + word] as number);
  }
  quarter[row] = ((quarter[row] as number) + (quarter[factor] as number) + 2 * parityOf(crossed)) & 3;
}

function stabilizersByRows({ qubits, words: columnWords, x, z, sign }: Tableau): Rows {
  const words = Math.max(1, Math.ceil(qubits / 32));
  const bits = new Int32Array(2 * words * qubits);
  const quarter = new Uint8Array(qubits);
  for (let row = 0; row < qubits; row++) quarter[row] = 2 * getBit(sign, 0, qubits + row);
  for (let qubit = 0; qubit < qubits; qubit++) {
    const [word, mask] = [qubit >> 5, 1 << (qubit & 31)];
    for (let at = qubits >>> 5; at < columnWords; at++) {
      const xs = x[qubit * columnWords + at] as number;
      const zs = z[qubit * columnWords + at] as number;
      for (let rest = xs | zs; rest !== 0; rest &= rest - 1) {
        const bit = rest & -rest;
        const row = 32 * at + 31 - Math.clz32(bit) - qubits;
        if (row < 0) continue;
        const place = 2 * words * row + word;
        if (xs & bit) bits[place] = (bits[place] as number) | mask;
        if (zs & bit) bits[place + words] = (bits[place + words] as number) | mask;
        // A Y is i X Z.
        if (xs & zs & bit) quarter[row] = ((quarter[row] as number) + 1) & 3;
      }
    }
  }
  return { words, bits, quarter };
}

function parityOf(bits: number): number {
  let rest = bits ^ (bits >>> 16);
  rest ^= rest >>> 8;
  rest ^= rest >>> 4;
  return (0x6996 >>> (rest & 15)) & 1;
}
