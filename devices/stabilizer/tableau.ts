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
