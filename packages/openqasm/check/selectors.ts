import type { Expr, ScalarType, Selector, Type } from '../program/ir.ts';
import { rangeIndices, rangeLength, resolveIndex } from '../program/values/index.ts';
import { INT, typeName, UINT } from '../program/values/types.ts';
import type { Span } from '../source/diagnostic.ts';
import type { Expression, Index, RangeExpression, SetExpression } from '../syntax/ast.ts';
import { constantOf } from './constants.ts';
import { type Context, complain, evaluate } from './context.ts';
import { checkExpression } from './rules.ts';

export type IndexSyntax = Expression | RangeExpression | SetExpression;

/** One selection from a list of `size`: `picked` tells the places where they are known, `size` how many they are. */
export type Selection = {
  readonly selector: Selector;
  readonly picked: readonly number[] | undefined;
  readonly size: number | undefined;
};

/** What stands in brackets, for a list of `size` (undefined: known at run time only). `name` stands in messages. */
export function checkSelector(
  context: Context,
  syntax: IndexSyntax,
  size: number | undefined,
  name: string,
): Selection | undefined {
  if (syntax.kind === 'range') return checkRange(context, syntax, size, name);
  if (syntax.kind === 'set') return checkSet(context, syntax, size, name);
  const index = checkIndex(context, syntax, size, name);
  if (index === undefined) return undefined;
  return {
    selector: { kind: 'index', index: index.expression },
    picked: index.at === undefined ? undefined : [index.at],
    size: 1,
  };
}

type CheckedIndex = { readonly expression: Expr; readonly at: number | undefined };

function checkIndex(
  context: Context,
  syntax: Expression,
  size: number | undefined,
  name: string,
): CheckedIndex | undefined {
  const expression = wholeNumber(context, syntax);
  if (expression === undefined) return undefined;
  if (expression.kind !== 'constant' || size === undefined) return { expression, at: undefined };
  const at = evaluate(context, syntax, () => resolveIndex(expression.value as bigint, size, name));
  return at === undefined ? undefined : { expression: constantOf(expression, INT, BigInt(at)), at };
}

/** An index: whole, of any width. Registers of bits are read as unsigned numbers. */
export function wholeNumber(context: Context, syntax: Expression): Expr | undefined {
  const expression = checkExpression(context, syntax);
  if (expression === undefined) return undefined;
  const { type } = expression;
  if (type.kind === 'int' || type.kind === 'uint') return expression;
  if (type.kind === 'bits' || type.kind === 'bool') {
    const uint: ScalarType = { kind: 'uint', width: type.kind === 'bits' ? type.width : 1 };
    return { kind: 'convert', operand: expression, type: uint, start: syntax.start, end: syntax.end };
  }
  return complain(context, syntax, {
    code: 'type',
    message: `${typeName(type)} is no whole number`,
    expected: 'a whole number',
  });
}

function checkRange(
  context: Context,
  syntax: RangeExpression,
  size: number | undefined,
  name: string,
): Selection | undefined {
  const [from, stride, to] = [syntax.from, syntax.step, syntax.to].map(
    (part) => part && wholeNumber(context, part),
  );
  if ((syntax.from && !from) || (syntax.step && !stride) || (syntax.to && !to)) return undefined;
  const selector: Selector = { kind: 'range', from, step: stride, to };
  const parts = [from, stride, to];
  if (size === undefined || parts.some((part) => part !== undefined && part.kind !== 'constant')) {
    return { selector, picked: undefined, size: undefined };
  }
  const [a, b, c] = parts.map((part) => (part?.kind === 'constant' ? (part.value as bigint) : undefined));
  const picked = evaluate(context, syntax, () => rangeIndices({ from: a, step: b, to: c }, size, name));
  if (picked === undefined) return undefined;
  if (picked.length > 0) return { selector, picked, size: picked.length };
  return complain(context, syntax, {
    code: 'index',
    message: `This range picks nothing from ${name}`,
    expected: 'a range with at least one index',
  });
}

function checkSet(
  context: Context,
  syntax: SetExpression,
  size: number | undefined,
  name: string,
): Selection | undefined {
  const indices = syntax.elements.map((element) => checkIndex(context, element, size, name));
  if (indices.includes(undefined)) return undefined;
  const known = indices as CheckedIndex[];
  if (known.length === 0) {
    return complain(context, syntax, {
      code: 'index',
      message: `An empty set picks nothing from ${name}`,
      expected: 'a set with at least one index',
    });
  }
  const picked = known.map((index) => index.at);
  return {
    selector: { kind: 'set', indices: known.map((index) => index.expression) },
    picked: picked.includes(undefined) ? undefined : (picked as number[]),
    size: known.length,
  };
}

/** The type that is left after one pair of brackets on a value, and its selectors. */
export function selectFrom(
  context: Context,
  type: Type,
  syntax: Index,
  name: string,
): { selectors: Selector[]; type: Type } | undefined {
  if (type.kind === 'array') return selectElements(context, type, syntax, name);
  const width = bitWidth(type);
  // A machine's own width is nobody else's ("Bit-level operations cannot be used on types without a specified width").
  if (width === undefined || type === INT || type === UINT || (type.kind === 'bits' && type.lone)) {
    return complain(context, syntax, {
      code: 'type',
      message: `${name} is ${typeName(type)} and has no elements`,
      expected: 'a register, an array or a number with a width',
    });
  }
  if (tooMany(context, syntax, 1, name)) return undefined;
  const selection = checkSelector(context, syntax.indices[0] as IndexSyntax, width, name);
  if (selection === undefined) return undefined;
  if (selection.size === undefined) return complainWidth(context, syntax);
  const lone = selection.selector.kind === 'index';
  return { selectors: [selection.selector], type: { kind: 'bits', width: selection.size, lone } };
}

function selectElements(
  context: Context,
  type: Type & { kind: 'array' },
  syntax: Index,
  name: string,
): { selectors: Selector[]; type: Type } | undefined {
  if (tooMany(context, syntax, type.sizes.length, name)) return undefined;
  const selections = syntax.indices.map((index, i) => checkSelector(context, index, type.sizes[i], name));
  if (selections.includes(undefined)) return undefined;
  const known = selections as Selection[];
  const sizes: (number | undefined)[] = [];
  for (const [i, size] of type.sizes.entries()) {
    const selection = known[i];
    if (selection === undefined) sizes.push(size);
    else if (selection.selector.kind !== 'index') sizes.push(selection.size);
  }
  const rest: Type = sizes.length === 0 ? type.element : { ...type, sizes };
  return { selectors: known.map((selection) => selection.selector), type: rest };
}

/** How many bits an index may pick from; undefined where the type's bits are not to be had. */
function bitWidth(type: ScalarType): number | undefined {
  return type.kind === 'bits' || type.kind === 'int' || type.kind === 'uint' || type.kind === 'angle'
    ? type.width
    : undefined;
}

function tooMany(context: Context, syntax: Index, most: number, name: string): boolean {
  if (syntax.indices.length <= most) return false;
  complain(context, syntax, {
    code: 'index',
    message: `${syntax.indices.length} indices where ${name} has ${most} dimension${most === 1 ? '' : 's'}`,
    expected: most === 1 ? 'one index, or a set: c[{0, 2}]' : `at most ${most} indices`,
  });
  return true;
}

function complainWidth(context: Context, span: Span): undefined {
  return complain(context, span, {
    code: 'constant',
    message: 'How many bits this slice has is not known before the program runs',
    expected: 'a slice with constant ends',
    suggestion: 'take the bits one by one in a loop',
  });
}

/** How many numbers a constant range has: told where its step is 0. */
export function constantLength(
  context: Context,
  span: Span,
  from: bigint,
  stride: bigint,
  to: bigint,
): bigint | undefined {
  return evaluate(context, span, () => rangeLength(from, stride, to));
}
