import type { PauliTerm } from '@quantum-hub/execution/ports';
import type { Amplitudes } from './amplitudes.ts';

/**
 * <psi| P |psi>. P maps |i> to i^y (-1)^parity(i & z) |i xor x>, with x the qubits under X or Y, z those under Z or Y, and y
 * the number of Ys.
 */
export function pauliExpectation({ data }: Amplitudes, paulis: PauliTerm['paulis']): number {
  let x = 0;
  let z = 0;
  let ys = 0;
  for (const [qubit, pauli] of Object.entries(paulis)) {
    if (pauli !== 'Z') x |= 1 << Number(qubit);
    if (pauli !== 'X') z |= 1 << Number(qubit);
    if (pauli === 'Y') ys++;
  }
  let sumRe = 0;
  let sumIm = 0;
  for (let i = 0; i < data.length / 2; i++) {
    const j = i ^ x;
    const sign = parity(i & z) === 0 ? 1 : -1;
    const [ir, im] = [data[2 * i] as number, data[2 * i + 1] as number];
    const [jr, jm] = [data[2 * j] as number, data[2 * j + 1] as number];
    sumRe += sign * (jr * ir + jm * im);
    sumIm += sign * (jr * im - jm * ir);
  }
  return [sumRe, -sumIm, -sumRe, sumIm][ys % 4] as number;
}

function parity(bits: number): number {
  let rest = bits ^ (bits >>> 16);
  rest ^= rest >>> 8;
  rest ^= rest >>> 4;
  return (0x6996 >>> (rest & 15)) & 1;
}
