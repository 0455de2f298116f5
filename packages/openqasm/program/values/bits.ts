import { shiftAmount } from './integers.ts';

/**
 * Registers of bits: cells, bit 0 first. Reading a cell's value needs 0 or 1; what only moves cells (shifts, rotations)
 * takes measurements that nobody asked for yet as they are.
 */

/** The register as an unsigned number, bit 0 the lowest. */
export function bitsToInteger(bits: Int32Array): bigint {
  if (bits.length <= 30) {
    let small = 0;
    for (let i = bits.length - 1; i >= 0; i--) small = small * 2 + (bits[i] ?? 0);
    return BigInt(small);
  }
  let text = '0b';
  for (let i = bits.length - 1; i >= 0; i--) text += bits[i];
  return BigInt(text);
}

/** The lowest `width` bits of a whole number, two's complement where it is negative. */
export function integerToBits(value: bigint, width: number): Int32Array {
  const bits = new Int32Array(width);
  const text = BigInt.asUintN(width, value).toString(2);
  for (let i = 0; i < text.length && i < width; i++) {
    bits[i] = text.charCodeAt(text.length - 1 - i) === 49 ? 1 : 0;
  }
  return bits;
}

/** `0110` as cells: the last character is bit 0. */
export function bitsFromText(text: string): Int32Array {
  const bits = new Int32Array(text.length);
  for (let i = 0; i < text.length; i++) bits[i] = text[text.length - 1 - i] === '1' ? 1 : 0;
  return bits;
}

/** As a person reads it: the highest bit first. */
export function bitsToText(bits: Int32Array): string {
  return [...bits].reverse().join('');
}

export function combineBits(operator: '&' | '|' | '^', left: Int32Array, right: Int32Array): Int32Array {
  const result = new Int32Array(left.length);
  for (let i = 0; i < left.length; i++) {
    const a = left[i] ?? 0;
    const b = right[i] ?? 0;
    result[i] = operator === '&' ? a & b : operator === '|' ? a | b : a ^ b;
  }
  return result;
}

export function invertBits(bits: Int32Array): Int32Array {
  return bits.map((bit) => 1 - bit);
}

/** `<<` moves towards the higher indices; what falls off the end is lost, zeros come in. */
export function shiftBits(operator: '<<' | '>>', bits: Int32Array, amount: bigint): Int32Array {
  const places = shiftAmount(amount, bits.length);
  const result = new Int32Array(bits.length);
  if (operator === '<<') result.set(bits.subarray(0, bits.length - places), places);
  else result.set(bits.subarray(places), 0);
  return result;
}

/** `rotl`: bit 0 goes to index `places`, around the end. */
export function rotateBits(bits: Int32Array, places: bigint): Int32Array {
  const size = bits.length;
  if (size === 0) return bits;
  const turn = Number(((places % BigInt(size)) + BigInt(size)) % BigInt(size));
  const result = new Int32Array(size);
  result.set(bits.subarray(0, size - turn), turn);
  result.set(bits.subarray(size - turn), 0);
  return result;
}

/** -1, 0 or 1: the registers compared as unsigned numbers. */
export function compareBits(left: Int32Array, right: Int32Array): number {
  for (let i = Math.max(left.length, right.length) - 1; i >= 0; i--) {
    const difference = (left[i] ?? 0) - (right[i] ?? 0);
    if (difference !== 0) return Math.sign(difference);
  }
  return 0;
}
