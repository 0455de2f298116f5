import type { Builtin, Expr, ScalarType, Type } from '../program/ir.ts';
import { applyBuiltin } from '../program/values/index.ts';
import { COMPLEX, FLOAT, INT, typeName, UINT } from '../program/values/types.ts';
import type { Call, Expression } from '../syntax/ast.ts';
import { constantOf } from './constants.ts';
import { type Context, complain, evaluate } from './context.ts';
import { convert } from './conversions.ts';
import { lookUp } from './names.ts';
import { binary } from './operators.ts';
import { checkExpression, isLiteral } from './rules.ts';
import { wholeNumber } from './selectors.ts';

type Kind = 'real' | 'angle' | 'complex' | 'part' | 'rotate' | 'count' | 'mod' | 'pow' | 'sizeof';

const BUILTINS: ReadonlyMap<string, readonly [Builtin, Kind]> = new Map([
  ['arccos', ['arccos', 'real']],
  ['arcsin', ['arcsin', 'real']],
  ['arctan', ['arctan', 'real']],
  ['ceiling', ['ceiling', 'real']],
  ['floor', ['floor', 'real']],
  ['log', ['log', 'real']],
  ['cos', ['cos', 'angle']],
  ['sin', ['sin', 'angle']],
  ['tan', ['tan', 'angle']],
  ['exp', ['exp', 'complex']],
  ['sqrt', ['sqrt', 'complex']],
  ['real', ['real', 'part']],
  ['imag', ['imag', 'part']],
  ['rotl', ['rotl', 'rotate']],
  ['rotr', ['rotr', 'rotate']],
  ['popcount', ['popcount', 'count']],
  ['mod', ['mod', 'mod']],
  ['pow', ['pow', 'pow']],
  ['sizeof', ['sizeof', 'sizeof']],
]);

/** The functions of OpenQASM 2, and those that Qiskit adds to them. */
const BUILTINS_2: ReadonlyMap<string, readonly [Builtin, Kind]> = new Map([
  ...['sin', 'cos', 'tan', 'exp', 'sqrt'].map((name) => [name, [name as Builtin, 'real']] as const),
  ['ln', ['log', 'real']],
  ['acos', ['arccos', 'real']],
  ['asin', ['arcsin', 'real']],
  ['atan', ['arctan', 'real']],
]);

function builtinsOf(context: Context): ReadonlyMap<string, readonly [Builtin, Kind]> {
  return context.version === 2 ? BUILTINS_2 : BUILTINS;
}

export function isBuiltin(context: Context, name: string): boolean {
  return builtinsOf(context).has(name);
}

export function checkBuiltin(context: Context, syntax: Call): Expr | undefined {
  const [name, kind] = builtinsOf(context).get(syntax.name.name) as readonly [Builtin, Kind];
  const given = syntax.arguments.length;
  const takes = kind === 'rotate' || kind === 'mod' || kind === 'pow' ? 2 : 1;
  if (given !== takes && !(kind === 'sizeof' && given === 2)) {
    return complain(context, syntax, {
      code: 'arity',
      message: `${name} takes ${takes} argument${takes === 1 ? '' : 's'}, not ${given}`,
      expected: `${takes} argument${takes === 1 ? '' : 's'}`,
    });
  }
  if (name === 'sizeof') return sizeOf(context, syntax);
  const values = syntax.arguments.map((argument) => checkExpression(context, argument));
  if (values.includes(undefined)) return undefined;
  return typed(context, syntax, name, kind, values as Expr[]);
}

function typed(
  context: Context,
  syntax: Call,
  name: Exclude<Builtin, 'sizeof'>,
  kind: Kind,
  values: readonly Expr[],
): Expr | undefined {
  const first = values[0] as Expr;
  switch (kind) {
    case 'real':
      return call(context, syntax, name, [convert(context, first, FLOAT)], FLOAT);
    case 'angle':
      return call(context, syntax, name, [convert(context, first, FLOAT, 'cast')], FLOAT);
    case 'complex': {
      const type = first.type.kind === 'complex' ? COMPLEX : FLOAT;
      return call(context, syntax, name, [convert(context, first, type)], type);
    }
    case 'part':
      return call(context, syntax, name, [convert(context, first, COMPLEX)], FLOAT);
    case 'count':
      return patterned(context, syntax, first) && call(context, syntax, name, [first], UINT);
    case 'rotate': {
      const places = wholeNumber(context, syntax.arguments[1] as Expression);
      const type = first.type as ScalarType;
      return (
        patterned(context, syntax, first) && places && call(context, syntax, name, [first, places], type)
      );
    }
    case 'mod':
    case 'pow':
      return binary(
        context,
        syntax,
        kind === 'mod' ? '%' : '**',
        { expression: first, literal: isLiteral(syntax.arguments[0] as Expression) },
        { expression: values[1] as Expr, literal: isLiteral(syntax.arguments[1] as Expression) },
      );
    case 'sizeof':
      return undefined;
  }
}

function call(
  context: Context,
  syntax: Call,
  name: Exclude<Builtin, 'sizeof'>,
  given: readonly (Expr | undefined)[],
  type: ScalarType,
): Expr | undefined {
  if (given.includes(undefined)) return undefined;
  const known = given as Expr[];
  if (known.every((each) => each.kind === 'constant')) {
    const values = known.map((each) => each.value);
    const types = known.map((each) => each.type);
    const value = evaluate(context, syntax, () => applyBuiltin(name, values, types, type));
    return value === undefined ? undefined : constantOf(syntax, type, value);
  }
  return { kind: 'builtin', name, arguments: known, type, start: syntax.start, end: syntax.end };
}

/** Whether the value has a pattern of bits of a known width to count or turn. */
function patterned(context: Context, syntax: Call, value: Expr): true | undefined {
  const { type } = value;
  if (type.kind === 'bits' || type.kind === 'uint' || (type.kind === 'angle' && type.width !== undefined))
    return true;
  if (type.kind === 'int' && value.kind === 'constant') return true;
  return complain(context, syntax, {
    code: 'type',
    message: `${syntax.name.name} does not take ${typeName(type)}`,
    expected: 'a register of bits or a uint',
  });
}

/** `sizeof(array)`, `sizeof(array, dimension)`; a register has one dimension. */
function sizeOf(context: Context, syntax: Call): Expr | undefined {
  const of = syntax.arguments[0] as Expression;
  const meaning = of.kind === 'identifier' ? lookUp(context, of.name)?.meaning : undefined;
  if (meaning?.kind === 'qubits' && meaning.type.size !== undefined && !meaning.type.lone) {
    return constantOf(syntax, UINT, BigInt(meaning.type.size));
  }
  const value = checkExpression(context, of);
  const dimension = syntax.arguments[1] && wholeNumber(context, syntax.arguments[1]);
  if (value === undefined || (syntax.arguments[1] && dimension === undefined)) return undefined;
  const sizes = sizesOf(value.type);
  if (sizes === undefined) {
    return complain(context, of, {
      code: 'type',
      message: `${typeName(value.type)} has no size`,
      expected: 'an array or a register',
    });
  }
  if (dimension === undefined || dimension.kind === 'constant') {
    const at = dimension === undefined ? 0n : (dimension.value as bigint);
    if (at < 0n || at >= BigInt(sizes.length)) {
      return complain(context, syntax, {
        code: 'index',
        message: `There is no dimension ${at} in ${typeName(value.type)}`,
        expected: `a dimension from 0 to ${sizes.length - 1}`,
      });
    }
    const size = sizes[Number(at)];
    if (size !== undefined) return constantOf(syntax, UINT, BigInt(size));
  }
  const which = dimension ?? constantOf(syntax, INT, 0n);
  return {
    kind: 'builtin',
    name: 'sizeof',
    arguments: [value, which],
    type: UINT,
    start: syntax.start,
    end: syntax.end,
  };
}

function sizesOf(type: Type): readonly (number | undefined)[] | undefined {
  if (type.kind === 'array') return type.sizes;
  return type.kind === 'bits' && !type.lone ? [type.width] : undefined;
}
