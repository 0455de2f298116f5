import type { BinaryOperator, Expr, FloatWidth, ScalarType, Type } from '../program/ir.ts';
import { applyBinary, applyUnary } from '../program/values/index.ts';
import { fitsInteger } from '../program/values/integers.ts';
import { BOOL, DURATION, FLOAT, INT, typeName } from '../program/values/types.ts';
import type { Span } from '../source/diagnostic.ts';
import { constantOf } from './constants.ts';
import { type Context, complain, evaluate } from './context.ts';
import { convert, convertFreely } from './conversions.ts';

/** An operand: `literal` where it is a number as written, which takes the type of its neighbour. */
export type Operand = { readonly expression: Expr; readonly literal: boolean };
type Sides = readonly [Operand, Operand];

/** `left operator right` with both sides converted to what the operator takes; folded where both are constant. */
export function binary(
  context: Context,
  span: Span,
  operator: BinaryOperator,
  left: Operand,
  right: Operand,
): Expr | undefined {
  const plan = planOf(operator, [left, right]);
  if (plan === undefined) {
    const [a, b] = [typeName(left.expression.type), typeName(right.expression.type)];
    return complain(context, span, {
      code: bothBits(left, right) ? 'size' : 'type',
      message: `'${operator}' does not take ${a} and ${b}`,
      expected: bothBits(left, right) ? 'registers of one size' : `operands that '${operator}' takes`,
      suggestion: suggestionFor(left, right),
    });
  }
  const a = plan.left ? convertFreely(context, left.expression, plan.left) : left.expression;
  const b = plan.right ? convertFreely(context, right.expression, plan.right) : right.expression;
  if (a === undefined || b === undefined) return undefined;
  return finish(context, span, operator, a, b, plan.result);
}

function finish(
  context: Context,
  span: Span,
  operator: BinaryOperator,
  left: Expr,
  right: Expr,
  type: ScalarType,
): Expr | undefined {
  if (left.kind === 'constant' && right.kind === 'constant') {
    const value = evaluate(context, span, () =>
      applyBinary(operator, left.value, right.value, [left.type, right.type], type),
    );
    return value === undefined ? undefined : constantOf(span, type, value);
  }
  if ((operator === '/' || operator === '%') && isZero(right)) {
    return complain(context, span, {
      code: 'value',
      message: 'A division by zero has no result',
      expected: 'a divisor other than 0',
    });
  }
  return { kind: 'binary', operator, left, right, type, start: span.start, end: span.end };
}

/** Told before the program runs, whatever is divided. */
function isZero(divisor: Expr): boolean {
  return divisor.kind === 'constant' && (divisor.value === 0n || divisor.value === 0);
}

/** The operation on values that no conversion is left for: both operands as they are. */
export function unary(
  context: Context,
  span: Span,
  operator: '-' | '!' | '~',
  operand: Expr,
): Expr | undefined {
  const expression = unaryOperand(context, span, operator, operand);
  if (expression === undefined) return undefined;
  const { type } = expression;
  const sign = operator === '~' && type.kind === 'bool' ? '!' : operator;
  if (expression.kind === 'constant') {
    const value = evaluate(context, span, () => applyUnary(sign, expression.value, type));
    return value === undefined ? undefined : constantOf(span, type, value);
  }
  return { kind: 'unary', operator: sign, operand: expression, type, start: span.start, end: span.end };
}

const NEGATABLE: readonly Type['kind'][] = ['int', 'uint', 'float', 'angle', 'complex', 'duration'];
const HAS_PATTERN: readonly Type['kind'][] = ['bits', 'int', 'uint', 'angle', 'bool'];

function unaryOperand(
  context: Context,
  span: Span,
  operator: '-' | '!' | '~',
  operand: Expr,
): Expr | undefined {
  const { type } = operand;
  if (operator === '!') return convert(context, operand, BOOL);
  const isFloating = type.kind === 'angle' && type.width === undefined;
  if (operator === '-' ? NEGATABLE.includes(type.kind) : !isFloating && HAS_PATTERN.includes(type.kind))
    return operand;
  return complain(context, span, {
    code: 'type',
    message: `'${operator}' does not take ${typeName(type)}`,
    expected: operator === '-' ? 'a number' : 'bits or a whole number',
  });
}

type Plan = {
  readonly left: ScalarType | undefined;
  readonly right: ScalarType | undefined;
  readonly result: ScalarType;
};

function planOf(operator: BinaryOperator, sides: Sides): Plan | undefined {
  const [a, b] = sides.map((side) => side.expression.type) as [Type, Type];
  if (a.kind === 'array' || b.kind === 'array') return undefined;
  switch (operator) {
    case '&&':
    case '||':
      return isLogical(a) && isLogical(b) ? { left: BOOL, right: BOOL, result: BOOL } : undefined;
    case '==':
    case '!=':
    case '<':
    case '<=':
    case '>':
    case '>=':
      return comparison(operator, sides, a, b);
    case '<<':
    case '>>':
      return shift(a, b);
    case '&':
    case '|':
    case '^':
      return bitwise(sides, a, b);
    default:
      return arithmetic(operator, sides, a, b);
  }
}

function isLogical(type: ScalarType): boolean {
  return ['bool', 'bits', 'int', 'uint'].includes(type.kind);
}

function comparison(operator: BinaryOperator, sides: Sides, a: ScalarType, b: ScalarType): Plan | undefined {
  const both = (type: ScalarType): Plan => ({ left: type, right: type, result: BOOL });
  if (a.kind === 'bits' && b.kind === 'bits') return a.width === b.width ? both(a) : undefined;
  if (a.kind === 'bool' || b.kind === 'bool') {
    if (a.kind === 'bool' && b.kind === 'bool') return both(BOOL);
    const other = a.kind === 'bool' ? b : a;
    if (other.kind === 'bits') return other.width === 1 ? both(BOOL) : undefined;
  }
  if (a.kind === 'bits' || b.kind === 'bits') {
    const common = exactCommon(a, b);
    return common && both(common);
  }
  if (a.kind === 'angle' || b.kind === 'angle') {
    const angle = commonAngle(a, b);
    return angle && both(angle);
  }
  if (a.kind === 'duration' || b.kind === 'duration') return a.kind === b.kind ? both(DURATION) : undefined;
  if ((a.kind === 'complex' || b.kind === 'complex') && operator !== '==' && operator !== '!=')
    return undefined;
  return both(patternType(sides) ?? commonNumber(sides, a, b));
}

/**
 * `int[2](syndrome) == 3`: a register cast to a number of its own width beside a literal that is one of its patterns. Two's complement has no 3
 * in two bits, the specification's own examples compare so: the literal means the pattern.
 */
function patternType(sides: Sides): ScalarType | undefined {
  for (const [side, other] of [sides, [sides[1], sides[0]]] as const) {
    const { expression } = side;
    const { type } = expression;
    if (expression.kind !== 'convert' || expression.operand.type.kind !== 'bits' || type.kind !== 'int')
      continue;
    const literal =
      other.literal && other.expression.kind === 'constant' ? other.expression.value : undefined;
    if (typeof literal === 'bigint' && literal >= 0n && literal < 1n << BigInt(type.width)) return type;
  }
  return undefined;
}

/** A whole type that holds a register's unsigned value and the other side's, so that nothing wraps around. */
function exactCommon(a: ScalarType, b: ScalarType): ScalarType | undefined {
  const [bits, other] = a.kind === 'bits' ? [a, b] : [b as ScalarType & { kind: 'bits' }, a];
  if (other.kind === 'float') return bits.lone ? FLOAT : undefined;
  if (other.kind !== 'int' && other.kind !== 'uint') return undefined;
  return { kind: 'int', width: Math.max(bits.width, other.width) + 1 };
}

function shift(a: ScalarType, b: ScalarType): Plan | undefined {
  const amount = b.kind === 'int' || b.kind === 'uint' ? undefined : b.kind === 'bits' ? widen(b) : null;
  if (amount === null) return undefined;
  const takes =
    a.kind === 'bits' ||
    a.kind === 'int' ||
    a.kind === 'uint' ||
    (a.kind === 'angle' && a.width !== undefined);
  return takes ? { left: undefined, right: amount, result: a } : undefined;
}

function widen(bits: ScalarType & { kind: 'bits' }): ScalarType {
  return { kind: 'uint', width: bits.width };
}

function bitwise(sides: Sides, a: ScalarType, b: ScalarType): Plan | undefined {
  const both = (type: ScalarType): Plan => ({ left: type, right: type, result: type });
  if (a.kind === 'bits' && b.kind === 'bits') return a.width === b.width ? both(a) : undefined;
  const [bits, other, side] = a.kind === 'bits' ? [a, b, sides[1]] : [b, a, sides[0]];
  if (bits.kind === 'bits') {
    if (other.kind === 'bool' && bits.width === 1) return both(bits.lone ? bits : other);
    // A single bit is the number that it is: `number |= measured;`
    if (bits.lone && isWhole(other) && !side.literal) return both(other);
    const { expression } = side;
    const value = expression.kind === 'constant' ? expression.value : undefined;
    return typeof value === 'bigint' && value >= 0n && value < 1n << BigInt(bits.width)
      ? both(bits)
      : undefined;
  }
  if (a.kind === 'bool' && b.kind === 'bool') return both(BOOL);
  if (a.kind === 'angle' && b.kind === 'angle')
    return a.width === b.width && a.width !== undefined ? both(a) : undefined;
  const common = commonNumber(sides, a, b);
  return common.kind === 'int' || common.kind === 'uint'
    ? isNumber(a) && isNumber(b)
      ? both(common)
      : undefined
    : undefined;
}

function arithmetic(operator: BinaryOperator, sides: Sides, a: ScalarType, b: ScalarType): Plan | undefined {
  if (a.kind === 'duration' || b.kind === 'duration') return onDurations(operator, a, b);
  if (a.kind === 'angle' || b.kind === 'angle') return onAngles(operator, a, b);
  if (!isNumber(a) || !isNumber(b)) return undefined;
  const common = commonNumber(sides, a, b);
  if (operator === '%' && common.kind === 'complex') return undefined;
  if (operator === '**' && (common.kind === 'int' || common.kind === 'uint')) {
    return powerOfIntegers(a, b);
  }
  return { left: common, right: common, result: common };
}

/** The exponent keeps its own type: `int[64]` squared by a `uint[2]` stays `int[64]`. */
function powerOfIntegers(a: ScalarType, b: ScalarType): Plan {
  const whole = (type: ScalarType): ScalarType => (type.kind === 'int' || type.kind === 'uint' ? type : INT);
  return { left: whole(a), right: whole(b), result: whole(a) };
}

function onDurations(operator: BinaryOperator, a: ScalarType, b: ScalarType): Plan | undefined {
  if (a.kind === b.kind) {
    if (operator === '+' || operator === '-') return { left: undefined, right: undefined, result: DURATION };
    return operator === '/' ? { left: undefined, right: undefined, result: FLOAT } : undefined;
  }
  const isScaled = operator === '*' || (operator === '/' && a.kind === 'duration');
  const number = a.kind === 'duration' ? b : a;
  if (!isScaled || !isNumber(number) || number.kind === 'complex') return undefined;
  return a.kind === 'duration'
    ? { left: undefined, right: FLOAT, result: DURATION }
    : { left: FLOAT, right: undefined, result: DURATION };
}

function onAngles(operator: BinaryOperator, a: ScalarType, b: ScalarType): Plan | undefined {
  const both = a.kind === b.kind;
  if (operator === '+' || operator === '-') {
    const angle = commonAngle(a, b);
    return angle && { left: angle, right: angle, result: angle };
  }
  if (operator === '/' && both) {
    const angle = commonAngle(a, b);
    if (angle?.kind !== 'angle') return undefined;
    return { left: angle, right: angle, result: { kind: 'uint', width: angle.width ?? 64 } };
  }
  if (both || (operator !== '*' && operator !== '/') || (operator === '/' && b.kind === 'angle'))
    return undefined;
  const [angle, number] = a.kind === 'angle' ? [a, b] : [b, a];
  if (!isNumber(number) || number.kind === 'complex') return undefined;
  const factor = number.kind === 'bool' || number.kind === 'bits' ? INT : undefined;
  return a.kind === 'angle'
    ? { left: undefined, right: factor, result: angle }
    : { left: factor, right: undefined, result: angle };
}

/** The wider of two angles; a number beside an angle becomes one of its width. */
function commonAngle(a: ScalarType, b: ScalarType): ScalarType | undefined {
  if (a.kind === 'angle' && b.kind === 'angle') {
    if (a.width === undefined || b.width === undefined) return a.width === undefined ? a : b;
    return a.width >= b.width ? a : b;
  }
  const [angle, other] = a.kind === 'angle' ? [a, b] : [b, a];
  return ['float', 'int', 'uint'].includes(other.kind) ? angle : undefined;
}

function isWhole(type: ScalarType): boolean {
  return type.kind === 'int' || type.kind === 'uint';
}

function isNumber(type: ScalarType): boolean {
  return (
    ['bool', 'int', 'uint', 'float', 'complex'].includes(type.kind) || (type.kind === 'bits' && type.lone)
  );
}

/**
 * C99's usual conversions: complex over float over whole numbers; of two whole types the wider one, `uint` where they are equally wide.
 * A literal takes its neighbour's whole type where it fits, so that `u + 1` stays what `u` is.
 */
function commonNumber(sides: Sides, a: ScalarType, b: ScalarType): ScalarType {
  if (a.kind === 'complex' || b.kind === 'complex') {
    return { kind: 'complex', width: Math.max(floatWidth(a), floatWidth(b)) as FloatWidth };
  }
  if (a.kind === 'float' || b.kind === 'float') return floatOf(a, b);
  const [x, y] = [a, b].map((type) => (type.kind === 'int' || type.kind === 'uint' ? type : INT)) as [
    ScalarType & { kind: 'int' | 'uint' },
    ScalarType & { kind: 'int' | 'uint' },
  ];
  if (adapts(sides[0], y) && !sides[1].literal) return y;
  if (adapts(sides[1], x) && !sides[0].literal) return x;
  const width = Math.max(x.width, y.width);
  if (x.kind === y.kind) return { kind: x.kind, width };
  const unsigned = x.kind === 'uint' ? x : y;
  return { kind: unsigned.width === width ? 'uint' : 'int', width };
}

/** Two floats keep the wider format; a whole number beside a float takes the float's. */
function floatOf(a: ScalarType, b: ScalarType): ScalarType {
  if (a.kind === 'float' && b.kind === 'float') return a.width < b.width ? b : a;
  return a.kind === 'float' ? a : b;
}

function floatWidth(type: ScalarType): FloatWidth {
  return type.kind === 'complex' || type.kind === 'float' ? type.width : 64;
}

function adapts(side: Operand, type: ScalarType & { kind: 'int' | 'uint' }): boolean {
  const { expression } = side;
  return (
    side.literal &&
    expression.kind === 'constant' &&
    typeof expression.value === 'bigint' &&
    fitsInteger(expression.value, type)
  );
}

function bothBits(left: Operand, right: Operand): boolean {
  return left.expression.type.kind === 'bits' && right.expression.type.kind === 'bits';
}

function suggestionFor(left: Operand, right: Operand): string | undefined {
  const bits = [left, right].find((side) => side.expression.type.kind === 'bits' && !side.literal);
  if (bits === undefined || bothBits(left, right)) return undefined;
  const { type } = bits.expression;
  return type.kind === 'bits' && !type.lone
    ? `make a number of the register: uint[${type.width}](...)`
    : undefined;
}
