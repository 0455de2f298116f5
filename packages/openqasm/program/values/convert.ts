import type { FloatWidth, ScalarType, Type, Value } from '../ir.ts';
import { fromUnits, toAngle, toUnits } from './angles.ts';
import { bitsToInteger, integerToBits } from './bits.ts';
import { wrapInteger } from './integers.ts';
import { elementCount } from './types.ts';
import { ValueError } from './value-error.ts';

/**
 * `value` of type `from` as a value of type `to`, for every pair that the checker lets through (OpenQASM 3.1, "Casting specifics"). Floats
 * lose their fraction towards zero, whole numbers wrap around, bits are an unsigned number whose lowest bit is bit 0 (two's complement where the
 * target is an `int` of that very width).
 */
export function convertValue(value: Value, from: Type, to: Type): Value {
  switch (to.kind) {
    case 'bool':
      return toBool(value);
    case 'bits':
      return toBits(value, from, to.width);
    case 'int':
    case 'uint':
      return wrapInteger(toInteger(value), to);
    case 'float':
      return roundFloat(toNumber(value), to.width);
    case 'angle':
      if (value instanceof Int32Array) return fromUnits(bitsToInteger(value), to.width ?? value.length);
      return toAngle(toNumber(value), to.width);
    case 'complex': {
      const [re, im] = isComplex(value) ? value : [toNumber(value), 0];
      return [roundFloat(re, to.width), roundFloat(im, to.width)];
    }
    case 'array': {
      const array = value as { sizes: readonly number[]; elements: Value[] };
      const element = from.kind === 'array' ? from.element : to.element;
      return {
        sizes: array.sizes,
        elements: array.elements.map((each) => convertValue(each, element, to.element)),
      };
    }
    case 'duration':
      return value;
  }
}

/** What a variable of the type holds that was declared without a value: zeros. */
export function defaultValue(type: Type): Value {
  switch (type.kind) {
    case 'bits':
      return new Int32Array(type.width);
    case 'bool':
      return false;
    case 'int':
    case 'uint':
      return 0n;
    case 'complex':
      return [0, 0];
    case 'array':
      return {
        sizes: type.sizes.map((size) => size ?? 0),
        elements: Array.from({ length: elementCount(type.sizes) }, () => defaultValue(type.element)),
      };
    default:
      return 0;
  }
}

/** A value that shares nothing with `value`: what assignment stores. */
export function copyValue(value: Value): Value {
  if (value instanceof Int32Array) return value.slice();
  if (typeof value === 'object' && 'elements' in value) {
    return { sizes: value.sizes, elements: value.elements.map(copyValue) };
  }
  return value;
}

/** The number of IEEE 754's format of that width that is nearest to it. */
export function roundFloat(value: number, width: FloatWidth): number {
  if (width === 64) return value;
  return width === 32 ? Math.fround(value) : toHalfPrecision(value);
}

/** Rounded to the 11 digits of half precision, ties to even (`Math.f16round` is too young for some browsers). */
function toHalfPrecision(value: number): number {
  const size = Math.abs(value);
  if (size === 0 || !Number.isFinite(value)) return value;
  const step = 2 ** (Math.max(Math.floor(Math.log2(size)), -14) - 10);
  // A double next to 2^52 steps has no digits below one step: adding rounds, subtracting is exact.
  const rounded = size + step * 2 ** 52 - step * 2 ** 52;
  return Math.sign(value) * (rounded > 65504 ? Infinity : rounded);
}

export function isComplex(value: Value): value is readonly [number, number] {
  return Array.isArray(value);
}

/** Everything but zero is true. */
export function toBool(value: Value): boolean {
  if (typeof value === 'boolean') return value;
  if (value instanceof Int32Array) return value.some((bit) => bit !== 0);
  if (isComplex(value)) return value[0] !== 0 || value[1] !== 0;
  return Boolean(value);
}

/** A scalar as a 64-bit float, the nearest one. */
export function toNumber(value: Value): number {
  if (typeof value === 'number') return value;
  if (value instanceof Int32Array) return Number(bitsToInteger(value));
  if (isComplex(value)) return value[0];
  return Number(value);
}

/** A scalar as a whole number, the fraction dropped; not yet wrapped to a width. */
export function toInteger(value: Value): bigint {
  if (typeof value === 'bigint') return value;
  if (typeof value === 'boolean') return value ? 1n : 0n;
  if (value instanceof Int32Array) return bitsToInteger(value);
  const number = toNumber(value);
  if (!Number.isFinite(number)) {
    throw new ValueError('value', `${number} is not a whole number.`, 'a finite number');
  }
  return BigInt(Math.trunc(number));
}

function toBits(value: Value, from: Type, width: number): Int32Array {
  if (value instanceof Int32Array) {
    if (value.length === width) return value;
    const bits = new Int32Array(width);
    bits.set(value.subarray(0, width));
    return bits;
  }
  if (from.kind === 'angle') return integerToBits(angleUnits(value, from), width);
  return integerToBits(toInteger(value), width);
}

function angleUnits(value: Value, type: ScalarType & { kind: 'angle' }): bigint {
  return toUnits(toNumber(value), type.width ?? 64);
}
