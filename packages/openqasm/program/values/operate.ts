import type { BinaryOperator, ScalarType, Type, Value } from '../ir.ts';
import {
  angleArithmetic,
  divideAngles,
  invertAngle,
  scaleAngle,
  shiftAngle,
  toAngle,
  toUnits,
} from './angles.ts';
import { combineBits, compareBits, invertBits, shiftBits } from './bits.ts';
import { modulo, power } from './builtins.ts';
import {
  addComplex,
  type Complex,
  divideComplex,
  multiplyComplex,
  subtractComplex,
} from './complex-numbers.ts';
import { isComplex, roundFloat, toBool, toInteger, toNumber } from './convert.ts';
import { integerArithmetic, wrapInteger } from './integers.ts';
import { ValueError } from './value-error.ts';

/**
 * `left operator right` on values; `types` are those of the operands, `result` what the checker gave the expression. Bits must be 0 or 1
 * (shifts move any cell). `&&` and `||` get both sides here: not evaluating the right one is the caller's part.
 */
export function applyBinary(
  operator: BinaryOperator,
  left: Value,
  right: Value,
  types: readonly [Type, Type],
  result: Type,
): Value {
  switch (operator) {
    case '&&':
      return toBool(left) && toBool(right);
    case '||':
      return toBool(left) || toBool(right);
    case '==':
    case '!=':
      return isEqual(left, right, types[0]) === (operator === '==');
    case '<':
    case '<=':
    case '>':
    case '>=':
      return isOrdered(operator, left, right, types[0]);
    default:
      return arithmetic(operator, left, right, types, result);
  }
}

export function applyUnary(operator: '-' | '!' | '~', value: Value, type: Type): Value {
  if (operator === '!') return !toBool(value);
  if (operator === '~') {
    if (value instanceof Int32Array) return invertBits(value);
    if (type.kind === 'angle') return invertAngle(toNumber(value), type.width ?? 64);
    if (type.kind === 'int' || type.kind === 'uint') return wrapInteger(~toInteger(value), type);
    return !toBool(value);
  }
  if (isComplex(value)) return [-value[0], -value[1]];
  if (type.kind === 'int' || type.kind === 'uint') return wrapInteger(-toInteger(value), type);
  if (type.kind === 'angle') return toAngle(-toNumber(value), type.width);
  return -toNumber(value);
}

function isEqual(left: Value, right: Value, type: Type): boolean {
  if (left instanceof Int32Array && right instanceof Int32Array) return compareBits(left, right) === 0;
  if (isComplex(left) && isComplex(right)) return left[0] === right[0] && left[1] === right[1];
  if (type.kind === 'angle' && type.width !== undefined) {
    return toUnits(toNumber(left), type.width) === toUnits(toNumber(right), type.width);
  }
  return left === right;
}

function isOrdered(operator: '<' | '<=' | '>' | '>=', left: Value, right: Value, type: Type): boolean {
  const [a, b] =
    left instanceof Int32Array && right instanceof Int32Array
      ? [compareBits(left, right), 0]
      : type.kind === 'int' || type.kind === 'uint'
        ? [toInteger(left), toInteger(right)]
        : type.kind === 'angle' && type.width !== undefined
          ? [toUnits(toNumber(left), type.width), toUnits(toNumber(right), type.width)]
          : [toNumber(left), toNumber(right)];
  if (operator === '<') return a < b;
  if (operator === '<=') return a <= b;
  return operator === '>' ? a > b : a >= b;
}

function arithmetic(
  operator: BinaryOperator,
  left: Value,
  right: Value,
  types: readonly [Type, Type],
  result: Type,
): Value {
  if (types[0].kind === 'angle' || types[1].kind === 'angle') {
    return onAngles(operator, left, right, types, result);
  }
  switch (result.kind) {
    case 'bits':
      return onBits(operator, left as Int32Array, right);
    case 'bool':
      return operator === '&'
        ? toBool(left) && toBool(right)
        : onBools(operator, toBool(left), toBool(right));
    case 'int':
    case 'uint':
      return integerArithmetic(operator, toInteger(left), toInteger(right), result);
    case 'complex':
      return onComplex(operator, left, right, result);
    case 'float':
    case 'duration':
      return onFloats(operator, left, right, result);
    default:
      throw new TypeError(`no '${operator}' of ${result.kind} values`);
  }
}

function onBits(operator: BinaryOperator, left: Int32Array, right: Value): Int32Array {
  if (operator === '<<' || operator === '>>') return shiftBits(operator, left, toInteger(right));
  return combineBits(operator as '&' | '|' | '^', left, right as Int32Array);
}

function onBools(operator: BinaryOperator, left: boolean, right: boolean): boolean {
  return operator === '^' ? left !== right : left || right;
}

function onFloats(operator: BinaryOperator, left: Value, right: Value, result: Type): number {
  const [a, b] = [toNumber(left), toNumber(right)];
  const round = (value: number) => (result.kind === 'float' ? roundFloat(value, result.width) : value);
  switch (operator) {
    case '+':
      return round(a + b);
    case '-':
      return round(a - b);
    case '*':
      return round(a * b);
    case '/':
      if (b === 0) throw new ValueError('value', `${a} / 0 has no result.`, 'a divisor other than 0');
      return round(a / b);
    case '%':
      return modulo(left, right, result) as number;
    default:
      return power(left, right, result) as number;
  }
}

function onComplex(operator: BinaryOperator, left: Value, right: Value, result: ScalarType): Complex {
  const a = left as Complex;
  const b = right as Complex;
  const exact = () => {
    switch (operator) {
      case '+':
        return addComplex(a, b);
      case '-':
        return subtractComplex(a, b);
      case '*':
        return multiplyComplex(a, b);
      case '/':
        if (b[0] === 0 && b[1] === 0) {
          throw new ValueError('value', 'A complex number / 0 has no result.', 'a divisor other than 0');
        }
        return divideComplex(a, b);
      default:
        return power(left, right, result) as Complex;
    }
  };
  const [re, im] = exact();
  const width = result.kind === 'complex' ? result.width : 64;
  return [roundFloat(re, width), roundFloat(im, width)];
}

function onAngles(
  operator: BinaryOperator,
  left: Value,
  right: Value,
  types: readonly [Type, Type],
  result: Type,
): Value {
  const type = types[0].kind === 'angle' ? types[0] : types[1];
  const width = type.kind === 'angle' ? type.width : undefined;
  const both = types[0].kind === types[1].kind;
  const [a, b] = [toNumber(left), toNumber(right)];
  if (operator === '/' && both)
    return wrapInteger(divideAngles(a, b, width), { kind: 'uint', width: width ?? 64 });
  if (operator === '*') {
    return types[0].kind === 'angle'
      ? scaleAngle('*', a, factor(right), width)
      : scaleAngle('*', b, factor(left), width);
  }
  if (operator === '/') return scaleAngle('/', a, factor(right), width);
  if (operator === '<<' || operator === '>>') return shiftAngle(operator, a, toInteger(right), width ?? 64);
  if (result.kind !== 'angle') throw new TypeError(`no '${operator}' of angles`);
  return angleArithmetic(operator, a, b, width);
}

function factor(value: Value): bigint | number {
  return typeof value === 'bigint' ? value : toNumber(value);
}
