import type { ArrayType, ScalarType, Type } from '../program/ir.ts';
import {
  BOOL,
  COMPLEX,
  DURATION,
  elementCount,
  FLOAT,
  INT,
  LONE_BIT,
  UINT,
} from '../program/values/types.ts';
import type { Expression, ScalarTypeSyntax, TypeSyntax } from '../syntax/ast.ts';
import { constantInteger } from './constants.ts';
import { type Context, capital, complain, exceed, note } from './context.ts';

/** Widths of numbers beyond this are refused: arithmetic on them would take the time of a program of its own. */
const WIDEST = 8192;
const MOST_DIMENSIONS = 7;

/** The type that is written there; undefined where it is wrong, which is told. */
export function resolveType(context: Context, syntax: TypeSyntax): Type | undefined {
  return syntax.kind === 'array-type' ? resolveArray(context, syntax) : resolveScalar(context, syntax);
}

function resolveScalar(context: Context, syntax: ScalarTypeSyntax): ScalarType | undefined {
  const width = syntax.width && positiveSize(context, syntax.width, 'a width');
  if (syntax.width !== undefined && width === undefined) return undefined;
  switch (syntax.name) {
    case 'bool':
      return BOOL;
    case 'bit':
      return width === undefined
        ? LONE_BIT
        : { kind: 'bits', width: withinBits(context, syntax, width), lone: false };
    case 'int':
    case 'uint':
    case 'angle':
      return numberType(context, syntax, syntax.name, width);
    case 'float':
      return floatType(context, syntax, width);
    case 'complex': {
      const part = syntax.part && resolveScalar(context, syntax.part);
      if (syntax.part === undefined) return COMPLEX;
      if (part === undefined) return undefined;
      if (part.kind === 'float') return { kind: 'complex', width: part.width };
      return complain(context, syntax.part, {
        code: 'type',
        message: `A complex number has float parts, not ${syntax.part.name}`,
        expected: 'complex[float[64]], complex[float[32]] or complex[float[16]]',
      });
    }
    case 'duration':
      note(context, 'timing', syntax);
      return DURATION;
    case 'stretch':
      note(context, 'stretch', syntax);
      return DURATION;
  }
}

function numberType(
  context: Context,
  syntax: ScalarTypeSyntax,
  kind: 'int' | 'uint' | 'angle',
  width: number | undefined,
): ScalarType {
  if (width !== undefined && width > WIDEST) {
    exceed(context, syntax, `${kind}[${width}] is wider than ${WIDEST} bits`, `a width of at most ${WIDEST}`);
  }
  if (kind === 'angle') return { kind, width };
  if (width === undefined) return kind === 'int' ? INT : UINT;
  return { kind, width };
}

function floatType(
  context: Context,
  syntax: ScalarTypeSyntax,
  width: number | undefined,
): ScalarType | undefined {
  if (width === undefined || width === 64) return FLOAT;
  if (width === 16 || width === 32) return { kind: 'float', width };
  return complain(context, syntax, {
    code: 'size',
    message: `float[${width}] is no format that is computed here`,
    expected: 'float[64], float[32] or float[16]',
  });
}

function resolveArray(
  context: Context,
  syntax: Extract<TypeSyntax, { kind: 'array-type' }>,
): ArrayType | undefined {
  const element = resolveScalar(context, syntax.element);
  if (syntax.element.name === 'stretch') {
    return complain(context, syntax.element, {
      code: 'type',
      message: 'Stretches stand alone: there are no arrays of them',
      expected: 'another element type',
    });
  }
  const sizes = syntax.sizes.map((size) => positiveSize(context, size, 'a size'));
  if (element === undefined || sizes.includes(undefined)) return undefined;
  note(context, 'array', syntax);
  const dimensions = syntax.dimensions && positiveSize(context, syntax.dimensions, 'a number of dimensions');
  if (syntax.dimensions && dimensions === undefined) return undefined;
  const count = dimensions ?? sizes.length;
  if (count > MOST_DIMENSIONS) {
    return complain(context, syntax, {
      code: 'size',
      message: `An array of ${count} dimensions`,
      expected: `at most ${MOST_DIMENSIONS} dimensions`,
    });
  }
  if (dimensions !== undefined) return { kind: 'array', element, sizes: Array(count).fill(undefined) };
  const each = element.kind === 'bits' ? element.width : 1;
  withinBits(context, syntax, elementCount(sizes) * each);
  return { kind: 'array', element, sizes };
}

/** A constant size of at least 1, as a number that arithmetic is exact on. */
export function positiveSize(context: Context, syntax: Expression, what: string): number | undefined {
  const value = constantInteger(context, syntax, what);
  if (value === undefined) return undefined;
  if (value >= 1n) return value > BigInt(Number.MAX_SAFE_INTEGER) ? Number.MAX_SAFE_INTEGER : Number(value);
  return complain(context, syntax, {
    code: 'size',
    message: `${capital(what)} of ${value}`,
    expected: `${what} of at least 1`,
  });
}

function withinBits(context: Context, span: { start: number; end: number }, bits: number): number {
  if (bits > context.limits.bits) {
    exceed(
      context,
      span,
      `The program has more bits and elements than the limit of ${context.limits.bits}`,
      `at most ${context.limits.bits} bits and elements together`,
    );
  }
  return bits;
}
