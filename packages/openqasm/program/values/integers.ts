import type { BinaryOperator } from '../ir.ts';
import { ValueError } from './value-error.ts';

/** Whole numbers of a given width: two's complement for `int`, modulo 2^width for both. */
export type IntegerType = { readonly kind: 'int' | 'uint'; readonly width: number };

/** `value` modulo 2^width, read as the type reads its bits. */
export function wrapInteger(value: bigint, type: IntegerType): bigint {
  return type.kind === 'int' ? BigInt.asIntN(type.width, value) : BigInt.asUintN(type.width, value);
}

/** True where `value` is one of the type's values, without wrapping around. */
export function fitsInteger(value: bigint, type: IntegerType): boolean {
  return wrapInteger(value, type) === value;
}

/** Arithmetic and bit operations of two values of `type` (the right side of `<<`, `>>` and `**` may be of another whole type). */
export function integerArithmetic(
  operator: BinaryOperator,
  left: bigint,
  right: bigint,
  type: IntegerType,
): bigint {
  switch (operator) {
    case '+':
      return wrapInteger(left + right, type);
    case '-':
      return wrapInteger(left - right, type);
    case '*':
      return wrapInteger(left * right, type);
    case '/':
      return wrapInteger(left / nonZero(left, right, '/'), type);
    case '%':
      return wrapInteger(left % nonZero(left, right, '%'), type);
    case '**':
      return integerPower(left, right, type);
    case '&':
      return wrapInteger(left & right, type);
    case '|':
      return wrapInteger(left | right, type);
    case '^':
      return wrapInteger(left ^ right, type);
    case '<<':
      return wrapInteger(left << BigInt(shiftAmount(right, type.width)), type);
    case '>>':
      return wrapInteger(left >> BigInt(shiftAmount(right, type.width)), type);
    default:
      throw new TypeError(`'${operator}' is not an operator of whole numbers`);
  }
}

/** `base ** exponent` modulo 2^width by squaring: as many rounds as the exponent has bits, however large the power. */
function integerPower(base: bigint, exponent: bigint, type: IntegerType): bigint {
  if (exponent < 0n) {
    throw new ValueError(
      'value',
      `${base} ** ${exponent} is not a whole number.`,
      'an exponent of at least 0, or a float base',
    );
  }
  let result = 1n;
  let square = wrapInteger(base, type);
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if (rest & 1n) result = wrapInteger(result * square, type);
    square = wrapInteger(square * square, type);
  }
  return wrapInteger(result, type);
}

/** A shift as a number, at most `width`: all bits are off the end from there on. */
export function shiftAmount(amount: bigint, width: number): number {
  if (amount < 0n) {
    throw new ValueError(
      'value',
      `A shift by ${amount} places has no meaning.`,
      'a shift by 0 or more places',
    );
  }
  return amount > BigInt(width) ? width : Number(amount);
}

/** How many bits of the value's pattern of `width` bits are 1. */
export function popcount(value: bigint, width: number): bigint {
  let count = 0n;
  for (const digit of BigInt.asUintN(width, value).toString(2)) if (digit === '1') count += 1n;
  return count;
}

/** The pattern of `width` bits turned by `places` to the left (to the right where negative). */
export function rotatePattern(value: bigint, width: number, places: bigint): bigint {
  if (width === 0) return value;
  const size = BigInt(width);
  const turn = ((places % size) + size) % size;
  const pattern = BigInt.asUintN(width, value);
  return BigInt.asUintN(width, (pattern << turn) | (pattern >> (size - turn)));
}

function nonZero(left: bigint, right: bigint, operator: string): bigint {
  if (right === 0n) {
    throw new ValueError('value', `${left} ${operator} 0 has no result.`, 'a divisor other than 0');
  }
  return right;
}
