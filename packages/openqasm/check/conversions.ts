import type { Expr, ScalarType, Type, Value } from '../program/ir.ts';
import { convertValue, roundFloat } from '../program/values/index.ts';
import { sameType, typeName } from '../program/values/types.ts';
import type { Span } from '../source/diagnostic.ts';
import { constantOf } from './constants.ts';
import { type Complaint, type Context, complain, evaluate } from './context.ts';

export type Mode = 'implicit' | 'cast';

/** `expression` as a value of type `to`; a conversion that the language does not have is told at `span`. */
export function convert(
  context: Context,
  expression: Expr,
  to: Type,
  mode: Mode = 'implicit',
  span: Span = expression,
): Expr | undefined {
  const from = expression.type;
  if (sameType(from, to)) return expression;
  const constant = expression.kind === 'constant' ? expression.value : undefined;
  const refusal = refuse(from, to, mode, constant);
  if (refusal !== undefined) return complain(context, span, refusal);
  return convertFreely(context, expression, to, span);
}

/** The conversion without asking whether it is allowed: the checker's own, of a literal to its neighbour's type. */
export function convertFreely(
  context: Context,
  expression: Expr,
  to: Type,
  span: Span = expression,
): Expr | undefined {
  if (sameType(expression.type, to)) return expression;
  if (expression.kind === 'constant') {
    const value = evaluate(context, span, () => convertValue(expression.value, expression.type, to));
    return value === undefined ? undefined : constantOf(expression, to, value);
  }
  return { kind: 'convert', operand: expression, type: to, start: expression.start, end: expression.end };
}

/** Why `from` does not become `to`; undefined where it does (OpenQASM 3.1, "Allowed casts"). */
function refuse(from: Type, to: Type, mode: Mode, constant: Value | undefined): Complaint | undefined {
  if (from.kind === 'array' || to.kind === 'array') return refuseArray(from, to);
  switch (from.kind) {
    case 'bool':
      if (to.kind === 'bits') return to.width === 1 ? undefined : wrongWidth(from, to);
      return isStandard(to) ? undefined : wrongType(from, to);
    case 'int':
    case 'uint':
      return refuseInteger(from, to, mode, constant);
    case 'float':
      return refuseFloat(from, to, mode, constant);
    case 'bits':
      return refuseBits(from, to, mode);
    case 'angle':
      return refuseAngle(from, to, mode);
    case 'complex':
      return to.kind === 'complex' ? undefined : wrongType(from, to, 'take real(...) or imag(...) of it');
    case 'duration':
      return to.kind === 'duration' ? undefined : wrongType(from, to, 'divide it by a duration');
  }
}

function refuseInteger(
  from: ScalarType & { kind: 'int' | 'uint' },
  to: ScalarType,
  mode: Mode,
  constant: Value | undefined,
): Complaint | undefined {
  if (to.kind === 'bits') {
    const value = typeof constant === 'bigint' ? constant : undefined;
    if (value !== undefined && value >= 0n && value < 1n << BigInt(to.width)) return undefined;
    if (mode === 'cast' && from.width === to.width) return undefined;
    return wrongWidth(from, to, 'take the bits by index: i[0], i[0:3]');
  }
  if (to.kind === 'angle') {
    return constant !== undefined || mode === 'cast'
      ? undefined
      : wrongType(from, to, 'make a float of it first');
  }
  if (to.kind === 'duration') return wrongType(from, to, 'give a unit: 100ns');
  if ((to.kind === 'int' || to.kind === 'uint') && mode === 'implicit' && typeof constant === 'bigint') {
    const least = -(1n << BigInt(to.width - 1));
    if (constant >= least && constant < 1n << BigInt(to.width)) return undefined;
    return {
      code: 'value',
      message: `${shorten(constant)} does not fit into ${typeName(to)}`,
      expected: `a whole number of ${to.width} bits`,
    };
  }
  return undefined;
}

function refuseFloat(
  from: ScalarType & { kind: 'float' },
  to: ScalarType,
  mode: Mode,
  constant: Value | undefined,
): Complaint | undefined {
  switch (to.kind) {
    case 'float':
      if (typeof constant !== 'number' || !Number.isFinite(constant)) return undefined;
      if (Number.isFinite(roundFloat(constant, to.width))) return undefined;
      return {
        code: 'value',
        message: `${constant} does not fit into float[${to.width}]`,
        expected: 'a smaller number',
      };
    case 'complex':
    case 'angle':
      return undefined;
    case 'int':
    case 'uint':
      if (mode === 'cast' || (typeof constant === 'number' && Number.isInteger(constant))) return undefined;
      return wrongType(from, to, `cut the fraction off: ${typeName(to)}(...)`);
    case 'bool':
      return mode === 'cast' ? undefined : wrongType(from, to, 'compare it: x != 0');
    default:
      return wrongType(from, to);
  }
}

function refuseBits(from: ScalarType & { kind: 'bits' }, to: ScalarType, mode: Mode): Complaint | undefined {
  switch (to.kind) {
    case 'bits':
      return from.width === to.width ? undefined : wrongWidth(from, to);
    case 'bool':
      return undefined;
    case 'int':
    case 'uint':
      return from.width <= to.width ? undefined : wrongWidth(from, to, 'take some of its bits: c[0:3]');
    case 'angle':
      if (mode === 'cast' && (to.width === undefined || to.width === from.width)) return undefined;
      return to.width === from.width
        ? wrongType(from, to, `cast it: ${typeName(to)}(...)`)
        : wrongWidth(from, to);
    case 'float':
      return from.width === 1 && from.lone ? undefined : wrongType(from, to, 'make a uint of it first');
    default:
      return wrongType(from, to);
  }
}

function refuseAngle(
  from: ScalarType & { kind: 'angle' },
  to: ScalarType,
  mode: Mode,
): Complaint | undefined {
  switch (to.kind) {
    case 'angle':
      return undefined;
    case 'bool':
      return mode === 'cast' ? undefined : wrongType(from, to, 'compare it: a != 0');
    // The table of casts has no angle to float, the specification's own examples do (`e == float(d)`): with a cast it is meant.
    case 'float':
      return mode === 'cast' ? undefined : wrongType(from, to, 'cast it: float(...)');
    case 'bits':
      if (mode === 'cast' && from.width === to.width) return undefined;
      return wrongWidth(from, to, 'take its bits by index: a[0:3]');
    default:
      return wrongType(from, to);
  }
}

function refuseArray(from: Type, to: Type): Complaint | undefined {
  if (from.kind !== 'array' || to.kind !== 'array') return wrongType(from, to);
  const sameSizes =
    from.sizes.length === to.sizes.length &&
    to.sizes.every((size, i) => size === undefined || from.sizes[i] === undefined || size === from.sizes[i]);
  if (sameSizes && sameType(from.element, to.element)) return undefined;
  return {
    code: sameSizes ? 'type' : 'size',
    message: `${typeName(from)} does not become ${typeName(to)}`,
    expected: typeName(to),
  };
}

function isStandard(type: ScalarType): boolean {
  return ['bool', 'int', 'uint', 'float', 'complex'].includes(type.kind);
}

function wrongType(from: Type, to: Type, suggestion?: string): Complaint {
  return {
    code: 'type',
    message: `${typeName(from)} does not become ${typeName(to)}`,
    expected: typeName(to),
    suggestion,
  };
}

function wrongWidth(from: Type, to: Type, suggestion?: string): Complaint {
  return {
    code: 'size',
    message: `${typeName(from)} does not become ${typeName(to)}`,
    expected: typeName(to),
    suggestion,
  };
}

/** A number for a message: its first digits where it is long. */
function shorten(value: bigint): string {
  const text = value.toString();
  return text.length <= 24 ? text : `${text.slice(0, 20)}... (${text.length} digits)`;
}
