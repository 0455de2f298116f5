import type { PauliTerm } from '@quantum-hub/execution/ports';
import { getBit, setBit, type Tableau } from './tableau.ts';

/** The first stabilizer that anticommutes with Z on the qubit, or undefined where its measurement is certain. */
export function anticommuting({ qubits, words, x }: Tableau, qubit: number): number | undefined {
  const offset = qubit * words;
  for (let word = qubits >>> 5; word < words; word++) {
    let rows = x[offset + word] as number;
    if (word === qubits >>> 5) rows &= -1 << (qubits & 31);
    if (rows !== 0) return 32 * word + (31 - Math.clz32(rows & -rows));
  }
  return undefined;
}

/** Makes Z on the qubit a stabilizer, with the sign of the outcome; `pivot` is a stabilizer that anticommutes with it. */
export function projectOn(tableau: Tableau, qubit: number, pivot: number, outcome: 0 | 1): void {
  const { qubits, words, x, z, sign } = tableau;
  const rows = x.slice(qubit * words, (qubit + 1) * words);
  setBit(rows, 0, pivot, 0);
  multiplyRows(tableau, rows, pivot);
  const partner = pivot - qubits;
  for (let column = 0; column < qubits * words; column += words) {
    for (const bits of [x, z]) {
      setBit(bits, column, partner, getBit(bits, column, pivot));
      setBit(bits, column, pivot, 0);
    }
  }
  setBit(sign, 0, partner, getBit(sign, 0, pivot));
  setBit(sign, 0, pivot, outcome);
  setBit(z, qubit * words, pivot, 1);
}

/**
 * Multiplies the row `pivot` into all `rows` at once. The powers of i that the products bring are counted modulo 4 in two bits a row
 * (`low`, `high`); in the rows that matter, those that commute with the pivot, they come out as 0 or 2.
 */
function multiplyRows({ qubits, words, x, z, sign }: Tableau, rows: Int32Array, pivot: number): void {
  const low = new Int32Array(words);
  const high = new Int32Array(words);
  for (let column = 0; column < qubits * words; column += words) {
    const px = getBit(x, column, pivot);
    const pz = getBit(z, column, pivot);
    if ((px | pz) === 0) continue;
    for (let word = 0; word < words; word++) {
      const mask = rows[word] as number;
      if (mask === 0) continue;
      const xs = x[column + word] as number;
      const zs = z[column + word] as number;
      const plus = mask & (px ? (pz ? zs & ~xs : zs & xs) : xs & ~zs);
      const minus = mask & (px ? (pz ? xs & ~zs : zs & ~xs) : xs & zs);
      high[word] = (high[word] as number) ^ ((low[word] as number) & plus);
      low[word] = (low[word] as number) ^ plus ^ minus;
      high[word] = (high[word] as number) ^ ((low[word] as number) & minus);
      if (px) x[column + word] = xs ^ mask;
      if (pz) z[column + word] = zs ^ mask;
    }
  }
  const pivotSign = getBit(sign, 0, pivot) ? -1 : 0;
  for (let word = 0; word < words; word++) {
    sign[word] = (sign[word] as number) ^ ((rows[word] as number) & ((high[word] as number) ^ pivotSign));
  }
}

/** The qubits on which some stabilizer has an X or a Y: only there do products of stabilizers change their signs. */
export function columnsWithX({ qubits, words, x }: Tableau): number[] {
  const first = qubits >>> 5;
  return Array.from({ length: qubits }, (_, qubit) => qubit).filter((qubit) => {
    const column = x.subarray(qubit * words + first, (qubit + 1) * words);
    return column.some((rows, word) => (word === 0 ? rows & (-1 << (qubits & 31)) : rows) !== 0);
  });
}

/**
 * The expectation value of a Pauli product: 0 where a stabilizer anticommutes with it, otherwise the sign it has in the group.
 * `columns`: `columnsWithX` where it is known, which saves time for many products on one state.
 */
export function expectationOf(
  tableau: Tableau,
  paulis: PauliTerm['paulis'],
  columns: readonly number[] = Array.from({ length: tableau.qubits }, (_, qubit) => qubit),
): -1 | 0 | 1 {
  const { qubits, words, x, z } = tableau;
  const against = new Int32Array(words);
  for (const [name, pauli] of Object.entries(paulis)) {
    const offset = Number(name) * words;
    for (let word = 0; word < words; word++) {
      const fromX = pauli === 'X' ? 0 : (x[offset + word] as number);
      const fromZ = pauli === 'Z' ? 0 : (z[offset + word] as number);
      against[word] = (against[word] as number) ^ fromX ^ fromZ;
    }
  }
  for (let row = qubits; row < 2 * qubits; row++) if (getBit(against, 0, row)) return 0;
  // It is the product of the stabilizers whose partners it anticommutes with.
  const factors = new Int32Array(words);
  for (let row = 0; row < qubits; row++) if (getBit(against, 0, row)) setBit(factors, 0, qubits + row, 1);
  const ys = Object.values(paulis).filter((pauli) => pauli === 'Y').length;
  return (((productQuarter(tableau, factors, columns) - ys) % 4) + 4) % 4 === 0 ? 1 : -1;
}

/**
 * The product of the rows in `factors`, in order, as i^quarter X^a Z^b. A row is i^(x.z) X^x Z^z; moving all X to the left costs a
 * sign for every pair of a z before an x, counted by the running parity of the z bits.
 */
function productQuarter(
  { words, x, z, sign }: Tableau,
  factors: Int32Array,
  columns: readonly number[],
): number {
  const used: number[] = [];
  let quarter = 0;
  for (let word = 0; word < words; word++) {
    const mask = factors[word] as number;
    if (mask === 0) continue;
    used.push(word);
    quarter += 2 * countBits(mask & (sign[word] as number));
  }
  for (const qubit of columns) {
    const column = qubit * words;
    let carry = 0;
    for (const word of used) {
      const mask = factors[word] as number;
      const xs = (x[column + word] as number) & mask;
      const zs = (z[column + word] as number) & mask;
      if ((xs | zs) === 0) continue;
      let before = zs ^ (zs << 1);
      before ^= before << 2;
      before ^= before << 4;
      before ^= before << 8;
      before ^= before << 16;
      const last = before;
      before = (before << 1) ^ carry;
      quarter += countBits(xs & zs) + 2 * countBits(before & xs);
      if (last < 0) carry = ~carry;
    }
  }
  return quarter % 4;
}

function countBits(bits: number): number {
  let rest = bits - ((bits >>> 1) & 0x55555555);
  rest = (rest & 0x33333333) + ((rest >>> 2) & 0x33333333);
  return Math.imul((rest + (rest >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}
