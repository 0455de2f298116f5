import type { Builtin, Type, Value } from '../ir.ts';
import { fromUnits, toUnits } from './angles.ts';
import { rotateBits } from './bits.ts';
import { type Complex, expComplex, powComplex, sqrtComplex } from './complex-numbers.ts';
import { isComplex, roundFloat, toInteger, toNumber } from './convert.ts';
import { integerArithmetic, popcount, rotatePattern } from './integers.ts';
import { ValueError } from './value-error.ts';

/**
 * A built-in function on values of the types `types`; `result` is the type that the checker gave the call. The arguments are as the
 * specification's table of functions wants them (converted before). `sizeof` is the checker's and the machine's own: it needs no value.
 */
export function applyBuiltin(
  name: Exclude<Builtin, 'sizeof'>,
  values: readonly Value[],
  types: readonly Type[],
  result: Type,
): Value {
  const first = values[0] as Value;
  const second = values[1] as Value;
  switch (name) {
    case 'popcount':
      return countOnes(first, types[0] as Type);
    case 'rotl':
      return rotate(first, types[0] as Type, toInteger(second));
    case 'rotr':
      return rotate(first, types[0] as Type, -toInteger(second));
    case 'mod':
      return modulo(first, second, result);
    case 'pow':
      return power(first, second, result);
    case 'real':
      return isComplex(first) ? first[0] : toNumber(first);
    case 'imag':
      return isComplex(first) ? first[1] : 0;
    case 'exp':
      return isComplex(first) ? expComplex(first) : float(Math.exp(toNumber(first)), result);
    case 'sqrt':
      return isComplex(first) ? sqrtComplex(first) : float(squareRoot(toNumber(first)), result);
    default:
      return float(realFunction(name, toNumber(first)), result);
  }
}

function realFunction(name: string, x: number): number {
  switch (name) {
    case 'arccos':
      return Math.acos(within(name, x));
    case 'arcsin':
      return Math.asin(within(name, x));
    case 'arctan':
      return Math.atan(x);
    case 'ceiling':
      return Math.ceil(x);
    case 'floor':
      return Math.floor(x);
    case 'cos':
      return Math.cos(x);
    case 'sin':
      return Math.sin(x);
    case 'tan':
      return Math.tan(x);
    case 'log':
      if (!(x > 0)) throw new ValueError('value', `log(${x}) has no result.`, 'a number above 0');
      return Math.log(x);
    default:
      throw new TypeError(`no built-in function '${name}'`);
  }
}

/** `left ** right`, and `pow(left, right)`. */
export function power(left: Value, right: Value, result: Type): Value {
  if (result.kind === 'int' || result.kind === 'uint') {
    return integerArithmetic('**', toInteger(left), toInteger(right), result);
  }
  if (result.kind === 'complex') return powComplex(complex(left), complex(right));
  const [base, exponent] = [toNumber(left), toNumber(right)];
  const value = base ** exponent;
  if (Number.isNaN(value) && !Number.isNaN(base) && !Number.isNaN(exponent)) {
    throw new ValueError(
      'value',
      `${base} ** ${exponent} is not real.`,
      'a base of at least 0, or a complex one',
    );
  }
  return float(value, result);
}

/** C's remainder, with the sign of the left side, for whole numbers and floats. */
export function modulo(left: Value, right: Value, result: Type): Value {
  if (result.kind === 'int' || result.kind === 'uint') {
    return integerArithmetic('%', toInteger(left), toInteger(right), result);
  }
  const divisor = toNumber(right);
  if (divisor === 0) {
    throw new ValueError('value', `${toNumber(left)} modulo 0 has no result.`, 'a divisor other than 0');
  }
  return float(toNumber(left) % divisor, result);
}

function countOnes(value: Value, type: Type): bigint {
  if (value instanceof Int32Array) return BigInt(value.reduce((sum, bit) => sum + bit, 0));
  return popcount(toInteger(value), type.kind === 'uint' || type.kind === 'int' ? type.width : 64);
}

function rotate(value: Value, type: Type, places: bigint): Value {
  if (value instanceof Int32Array) return rotateBits(value, places);
  if (type.kind === 'angle') {
    const width = type.width ?? 64;
    return fromUnits(rotatePattern(toUnits(toNumber(value), width), width, places), width);
  }
  const width = type.kind === 'uint' ? type.width : 64;
  return rotatePattern(toInteger(value), width, places);
}

function float(value: number, type: Type): number {
  return type.kind === 'float' ? roundFloat(value, type.width) : value;
}

function complex(value: Value): Complex {
  return isComplex(value) ? value : [toNumber(value), 0];
}

function squareRoot(x: number): number {
  if (x < 0)
    throw new ValueError('value', `sqrt(${x}) is not real.`, 'a number of at least 0, or a complex one');
  return Math.sqrt(x);
}

function within(name: string, x: number): number {
  if (!(x >= -1 && x <= 1))
    throw new ValueError('value', `${name}(${x}) has no result.`, 'a number from -1 to 1');
  return x;
}
