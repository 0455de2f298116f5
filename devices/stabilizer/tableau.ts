import type { CliffordAction } from './clifford.ts';

/**
 * The tableau of Aaronson and Gottesman (arXiv:quant-ph/0406196): rows 0..n-1 destabilizers, n..2n-1 stabilizers. Kept by columns, a
 * bit a row, so that a gate is a few passes over its qubits' columns and all rows advance at once.
 */
export type Tableau = {
  readonly qubits: number;
  /** Words of 32 rows in a column. */
  readonly words: number;
  readonly x: Int32Array;
  readonly z: Int32Array;
  readonly sign: Int32Array;
};

export function groundTableau(qubits: number): Tableau {
  const words = Math.max(1, Math.ceil((2 * qubits) / 32));
  const tableau: Tableau = {
    qubits,
    words,
    x: new Int32Array(qubits * words),
    z: new Int32Array(qubits * words),
    sign: new Int32Array(words),
  };
  for (let qubit = 0; qubit < qubits; qubit++) {
    setBit(tableau.x, qubit * words, qubit, 1);
    setBit(tableau.z, qubit * words, qubits + qubit, 1);
  }
  return tableau;
}

export function copyTableau(tableau: Tableau): Tableau {
  return { ...tableau, x: tableau.x.slice(), z: tableau.z.slice(), sign: tableau.sign.slice() };
}

export function getBit(column: Int32Array, offset: number, row: number): number {
  return ((column[offset + (row >>> 5)] as number) >>> (row & 31)) & 1;
}

export function setBit(column: Int32Array, offset: number, row: number, bit: number): void {
  const at = offset + (row >>> 5);
  const mask = 1 << (row & 31);
  column[at] = bit ? (column[at] as number) | mask : (column[at] as number) & ~mask;
}

/** Applies a Clifford gate to all rows. */
export function applyAction(
  { words, x, z, sign }: Tableau,
  { qubits, outputs, sign: monomials }: CliffordAction,
): void {
  const inputs = qubits.flatMap((qubit) => [
    x.subarray(qubit * words, (qubit + 1) * words),
    z.subarray(qubit * words, (qubit + 1) * words),
  ]);
  for (const monomial of monomials) addProduct(sign, pick(inputs, monomial), words);
  const changed = outputs.flatMap((mask, output) => (mask === 1 << output ? [] : [output]));
  const before =
    changed.length > 1
      ? inputs.map((column, input) => (changed.includes(input) ? column.slice() : column))
      : inputs;
  for (const output of changed) {
    const mask = outputs[output] as number;
    const column = inputs[output] as Int32Array;
    if (!(mask & (1 << output))) column.fill(0);
    for (const added of pick(before, mask & ~(1 << output))) addColumn(column, added, words);
  }
}

function pick<T>(items: readonly T[], mask: number): T[] {
  return items.filter((_, index) => (mask >> index) & 1);
}

function addColumn(column: Int32Array, added: Int32Array, words: number): void {
  for (let word = 0; word < words; word++) column[word] = (column[word] as number) ^ (added[word] as number);
}

/** Adds the product of one, two or more columns to the sign. */
function addProduct(sign: Int32Array, factors: readonly Int32Array[], words: number): void {
  const [first, second, ...more] = factors;
  if (first === undefined) return;
  for (let word = 0; word < words; word++) {
    let product = (first[word] as number) & (second === undefined ? -1 : (second[word] as number));
    for (const factor of more) product &= factor[word] as number;
    sign[word] = (sign[word] as number) ^ product;
  }
}
