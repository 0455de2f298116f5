import type { Amplitudes } from './amplitudes.ts';

/**
 * Which amplitudes a kernel works on: those whose index has the bits of `ones` set, and goes through all values in the bits
 * outside of `fixed`. Targets are in `fixed` and not in `ones`: a kernel adds them itself.
 */
export type Selection = { readonly fixed: number; readonly ones: number };

/** How many base indices a selection has. */
function countOf(qubits: number, fixed: number): number {
  let count = 2 ** qubits;
  for (let rest = fixed; rest !== 0; rest &= rest - 1) count /= 2;
  return count;
}

/*
 * All kernels step through the free bits of the index with `((base | fixed) + 1) & ~fixed`: the carry runs over the fixed bits, so
 * one loop serves any number of controls in any place (measured: within a few per cent of nested loops, 20 qubits).
 */

/** Multiplies the selected amplitudes by a phase. */
export function multiply(
  { qubits, re, im }: Amplitudes,
  { fixed, ones }: Selection,
  pr: number,
  pi: number,
): void {
  const free = ~fixed;
  for (let left = countOf(qubits, fixed), base = 0; left > 0; left--, base = ((base | fixed) + 1) & free) {
    const i = base | ones;
    const r = re[i] as number;
    const m = im[i] as number;
    re[i] = r * pr - m * pi;
    im[i] = r * pi + m * pr;
  }
}

/** Exchanges the amplitudes at `first` and `second` (bits added to each selected index): x, cx, swap, cswap and their kin. */
export function exchange(
  { qubits, re, im }: Amplitudes,
  { fixed, ones }: Selection,
  first: number,
  second: number,
): void {
  const free = ~fixed;
  for (let left = countOf(qubits, fixed), base = 0; left > 0; left--, base = ((base | fixed) + 1) & free) {
    const i = base | ones | first;
    const j = base | ones | second;
    const r = re[i] as number;
    re[i] = re[j] as number;
    re[j] = r;
    const m = im[i] as number;
    im[i] = im[j] as number;
    im[j] = m;
  }
}

/** A 2 x 2 matrix on the qubit of `bit`. `matrix`: row-major, re and im interleaved. */
export function rotate(
  amplitudes: Amplitudes,
  selection: Selection,
  bit: number,
  matrix: Float64Array,
): void {
  const [ar, ai, br, bi, cr, ci, dr, di] = matrix as unknown as [
    number,
    number,
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  if (ai === 0 && bi === 0 && ci === 0 && di === 0) rotateReal(amplitudes, selection, bit, ar, br, cr, dr);
  else rotateComplex(amplitudes, selection, bit, ar, ai, br, bi, cr, ci, dr, di);
}

/** Half the multiplications: h, ry and what is made of them. */
function rotateReal(
  { qubits, re, im }: Amplitudes,
  { fixed, ones }: Selection,
  bit: number,
  a: number,
  b: number,
  c: number,
  d: number,
): void {
  const free = ~fixed;
  for (let left = countOf(qubits, fixed), base = 0; left > 0; left--, base = ((base | fixed) + 1) & free) {
    const i = base | ones;
    const j = i | bit;
    const r0 = re[i] as number;
    const r1 = re[j] as number;
    const m0 = im[i] as number;
    const m1 = im[j] as number;
    re[i] = a * r0 + b * r1;
    im[i] = a * m0 + b * m1;
    re[j] = c * r0 + d * r1;
    im[j] = c * m0 + d * m1;
  }
}

function rotateComplex(
  { qubits, re, im }: Amplitudes,
  { fixed, ones }: Selection,
  bit: number,
  ar: number,
  ai: number,
  br: number,
  bi: number,
  cr: number,
  ci: number,
  dr: number,
  di: number,
): void {
  const free = ~fixed;
  for (let left = countOf(qubits, fixed), base = 0; left > 0; left--, base = ((base | fixed) + 1) & free) {
    const i = base | ones;
    const j = i | bit;
    const r0 = re[i] as number;
    const r1 = re[j] as number;
    const m0 = im[i] as number;
    const m1 = im[j] as number;
    re[i] = ar * r0 - ai * m0 + br * r1 - bi * m1;
    im[i] = ar * m0 + ai * r0 + br * m1 + bi * r1;
    re[j] = cr * r0 - ci * m0 + dr * r1 - di * m1;
    im[j] = cr * m0 + ci * r0 + dr * m1 + di * r1;
  }
}

/** A 2^k x 2^k matrix on the qubits of `bits` (bit j of a row number belongs to `bits[j]`). */
export function transform(
  { qubits, re, im }: Amplitudes,
  { fixed, ones }: Selection,
  bits: readonly number[],
  matrix: Float64Array,
): void {
  const size = 2 ** bits.length;
  const offsets = Array.from({ length: size }, (_, row) =>
    bits.reduce((offset, bit, j) => ((row >> j) & 1 ? offset | bit : offset), 0),
  );
  const inRe = new Float64Array(size);
  const inIm = new Float64Array(size);
  const free = ~fixed;
  for (let left = countOf(qubits, fixed), base = 0; left > 0; left--, base = ((base | fixed) + 1) & free) {
    const at = base | ones;
    for (let k = 0; k < size; k++) {
      inRe[k] = re[at | (offsets[k] as number)] as number;
      inIm[k] = im[at | (offsets[k] as number)] as number;
    }
    for (let row = 0, entry = 0; row < size; row++) {
      let sumRe = 0;
      let sumIm = 0;
      for (let k = 0; k < size; k++, entry += 2) {
        const mr = matrix[entry] as number;
        const mi = matrix[entry + 1] as number;
        sumRe += mr * (inRe[k] as number) - mi * (inIm[k] as number);
        sumIm += mr * (inIm[k] as number) + mi * (inRe[k] as number);
      }
      re[at | (offsets[row] as number)] = sumRe;
      im[at | (offsets[row] as number)] = sumIm;
    }
  }
}
