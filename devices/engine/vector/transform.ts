import type { Amplitudes } from './amplitudes.ts';

/**
 * A 2^k x 2^k matrix on the qubits of `bits` (bit j of a row number belongs to `bits[j]`), where the bits of `fixed` outside of them
 * read `ones`. Any k: for the rare gates of three and more targets that are no control of something smaller.
 */
export function transform(
  { qubits, data }: Amplitudes,
  { fixed, ones }: { readonly fixed: number; readonly ones: number },
  bits: readonly number[],
  matrix: Float64Array,
): void {
  const size = 2 ** bits.length;
  const offsets = Array.from({ length: size }, (_, row) =>
    bits.reduce((offset, bit, j) => ((row >> j) & 1 ? offset | bit : offset), 0),
  );
  const input = new Float64Array(2 * size);
  for (let base = 0; base < 2 ** qubits; base = ((base | fixed) + 1) & ~fixed) {
    const at = base | ones;
    for (let k = 0; k < size; k++) {
      const from = 2 * (at | (offsets[k] as number));
      input[2 * k] = data[from] as number;
      input[2 * k + 1] = data[from + 1] as number;
    }
    for (let row = 0, entry = 0; row < size; row++) {
      let re = 0;
      let im = 0;
      for (let k = 0; k < 2 * size; k += 2, entry += 2) {
        const [mr, mi] = [matrix[entry] as number, matrix[entry + 1] as number];
        re += mr * (input[k] as number) - mi * (input[k + 1] as number);
        im += mr * (input[k + 1] as number) + mi * (input[k] as number);
      }
      const to = 2 * (at | (offsets[row] as number));
      data[to] = re;
      data[to + 1] = im;
    }
  }
}
