import type { Expr, Place, Type, Value } from '../program/ir.ts';
import { bitsFromText } from '../program/values/index.ts';
import { BOOL, COMPLEX, DURATION, FLOAT, INT } from '../program/values/types.ts';
import type { Span } from '../source/diagnostic.ts';
import type { ArrayLiteral, Binary, Concatenation, Expression, Identifier } from '../syntax/ast.ts';
import { checkCall } from './calls.ts';
import { constantOf } from './constants.ts';
import { addSlot, type Context, collect, complain, exceed, frameKind, note, step } from './context.ts';
import { convert } from './conversions.ts';
import { BUILTIN_CONSTANTS, complainUndeclared, lookUp, standardGate } from './names.ts';
import { binary, unary } from './operators.ts';
import { checkIndexing, joinedValue } from './places.ts';
import { checkExpression, isLiteral, load } from './rules.ts';
import { checkDurationOf, deviceTime } from './timing.ts';
import { resolveType } from './types.ts';

/** Operators in one chain: more would nest too deeply for what walks the expression. */
const LONGEST_CHAIN = 1000;
const DURATION_UNITS = { ns: 1e-9, us: 1e-6, ms: 1e-3, s: 1, dt: 1 } as const;

/**
 * The expression with its type, conversions explicit, constants folded; subroutine calls go before it as instructions.
 * undefined where it is wrong, which is told.
 */
export function expressionRule(context: Context, syntax: Expression): Expr | undefined {
  step(context, syntax);
  switch (syntax.kind) {
    case 'integer':
      return context.reals
        ? constantOf(syntax, FLOAT, Number(syntax.value))
        : constantOf(syntax, literalType(syntax.value), syntax.value);
    case 'float':
      return constantOf(syntax, FLOAT, syntax.value);
    case 'imaginary':
      return constantOf(syntax, COMPLEX, [0, syntax.value]);
    case 'boolean':
      return constantOf(syntax, BOOL, syntax.value);
    case 'bitstring':
      return constantOf(
        syntax,
        { kind: 'bits', width: syntax.bits.length, lone: false },
        bitsFromText(syntax.bits),
      );
    case 'duration-literal':
      note(context, 'timing', syntax);
      return constantOf(syntax, DURATION, syntax.value * DURATION_UNITS[syntax.unit]);
    case 'identifier':
      return checkName(context, syntax);
    case 'parenthesized':
      return checkExpression(context, syntax.expression);
    case 'unary': {
      const operand = checkExpression(context, syntax.operand);
      return operand && unary(context, syntax, syntax.operator, operand);
    }
    case 'binary':
      return checkChain(context, syntax);
    case 'index':
      return checkIndexing(context, syntax);
    case 'call':
      return checkCall(context, syntax);
    case 'cast': {
      const type = resolveType(context, syntax.type);
      const operand = checkExpression(context, syntax.operand);
      if (type?.kind === 'duration') return complainDurationCast(context, syntax);
      return type && operand && convert(context, operand, type, 'cast', syntax);
    }
    case 'concatenation':
      return checkConcatenation(context, syntax);
    case 'durationof':
      return checkDurationOf(context, syntax);
    case 'hardware-qubit':
      return complainQubit(context, syntax, `$${syntax.number}`);
  }
}

/** OpenQASM 3.1, "Converting duration to other types": casting from or to duration values is not allowed. */
function complainDurationCast(context: Context, span: Span): undefined {
  return complain(context, span, {
    code: 'type',
    message: 'Nothing is cast to a duration',
    expected: 'a duration',
    suggestion: 'multiply a unit: 5 * 1ns',
  });
}

function literalType(value: bigint): Type {
  if (value < 1n << 63n) return INT;
  const bits = value.toString(16).length * 4;
  return { kind: bits <= 64 ? 'uint' : 'int', width: bits <= 64 ? 64 : bits + 1 };
}

function checkName(context: Context, name: Identifier): Expr | undefined {
  const found = lookUp(context, name.name);
  if (found === undefined) {
    const value = BUILTIN_CONSTANTS.get(name.name);
    if (value !== undefined) return constantOf(name, FLOAT, value);
    return standardGate(context, name.name)
      ? complainCallable(context, name, 'gate')
      : complainUndeclared(context, name);
  }
  const { meaning } = found;
  switch (meaning.kind) {
    case 'poison':
      return undefined;
    case 'constant':
      return constantOf(name, meaning.type, meaning.value);
    case 'device-constant':
      return deviceTime(name, meaning.name);
    case 'variable':
    case 'place': {
      if (found.wall === 'gate') return complainOutside(context, name);
      const selectors = meaning.kind === 'place' ? meaning.selectors : [];
      return load(
        { frame: meaning.frame, slot: meaning.slot, selectors, start: name.start, end: name.end },
        meaning.type,
      );
    }
    case 'joined-places':
      return found.wall === 'gate' ? complainOutside(context, name) : joinedValue(name, meaning);
    case 'qubits':
      return complainQubit(context, name, name.name);
    default:
      return complainCallable(context, name, meaning.kind);
  }
}

function complainCallable(context: Context, name: Identifier, kind: string): undefined {
  const isSubroutine = kind === 'subroutine' || kind === 'extern';
  return complain(context, name, {
    code: 'type',
    message: `${name.name} is a ${isSubroutine ? 'subroutine' : 'gate'}, not a value`,
    expected: isSubroutine ? 'a value' : 'a value, or the qubits of the gate behind it',
    suggestion: isSubroutine ? `call it: ${name.name}(...)` : undefined,
  });
}

/** A gate means the same wherever it is called: it sees no variables. */
function complainOutside(context: Context, name: Identifier): undefined {
  return complain(context, name, {
    code: 'scope',
    message: `A gate does not see the variable ${name.name}`,
    expected: 'a parameter of the gate or a constant',
    suggestion: `give ${name.name} to the gate as a parameter`,
  });
}

function complainQubit(context: Context, span: Span, name: string): undefined {
  return complain(context, span, {
    code: 'type',
    message: `${name} is a qubit, not a value`,
    expected: 'a classical value',
    suggestion: `measure it first: c = measure ${name};`,
  });
}

/** `a + b + c + ...` from the left, without a call for each operator: chains are as long as people write sums. */
function checkChain(context: Context, syntax: Binary): Expr | undefined {
  const chain: Binary[] = [];
  let first: Expression = syntax;
  for (; first.kind === 'binary'; first = first.left) chain.push(first);
  if (chain.length > LONGEST_CHAIN) {
    exceed(
      context,
      syntax,
      `An expression of ${chain.length} operators in a row`,
      `at most ${LONGEST_CHAIN} operators in one expression`,
    );
  }
  let left = checkExpression(context, first);
  let literal = isLiteral(first);
  for (const link of chain.reverse()) {
    left = checkLink(context, link, left, literal);
    literal = false;
  }
  return left;
}

function checkLink(
  context: Context,
  link: Binary,
  left: Expr | undefined,
  literal: boolean,
): Expr | undefined {
  let right: Expr | undefined;
  const calls = collect(context, () => {
    right = checkExpression(context, link.right);
  });
  if (left === undefined || right === undefined) return undefined;
  if (calls.length > 0 && (link.operator === '&&' || link.operator === '||')) {
    return shortCircuit(context, link, left, right, calls);
  }
  context.out.push(...calls);
  const operator = link.operator === '^' && context.reals ? '**' : link.operator;
  return binary(
    context,
    link,
    operator,
    { expression: left, literal },
    { expression: right, literal: isLiteral(link.right) },
  );
}

/** `a && f()`: what the right side calls runs only where the left side does not decide. */
function shortCircuit(
  context: Context,
  link: Binary,
  left: Expr,
  right: Expr,
  calls: ReturnType<typeof collect>,
): Expr | undefined {
  const [a, b] = [convert(context, left, BOOL), convert(context, right, BOOL)];
  if (a === undefined || b === undefined) return undefined;
  const to: Place = {
    frame: frameKind(context),
    slot: addSlot(context, '', BOOL),
    selectors: [],
    start: link.start,
    end: link.end,
  };
  const span = { start: link.start, end: link.end };
  context.out.push({ kind: 'assign', to, value: a, ...span });
  const more = [...calls, { kind: 'assign', to, value: b, ...span } as const];
  const decide = link.operator === '&&';
  context.out.push({
    kind: 'if',
    condition: load(to, BOOL),
    // biome-ignore lint/suspicious/noThenProperty: the contract's word for the branch; no promise will meet it.
    then: decide ? more : [],
    else: decide ? [] : more,
    ...span,
  });
  return load(to, BOOL);
}

/** `a ++ b` of bits or of arrays. */
function checkConcatenation(context: Context, syntax: Concatenation): Expr | undefined {
  const parts = syntax.parts.map((part) => checkExpression(context, part));
  if (parts.includes(undefined)) return undefined;
  const known = parts as Expr[];
  const first = known[0] as Expr;
  const width = (sum: number, part: Expr) => sum + (part.type.kind === 'bits' ? part.type.width : 0);
  if (known.every((part) => part.type.kind === 'bits')) {
    return join(syntax, known, { kind: 'bits', width: known.reduce(width, 0), lone: false });
  }
  if (first.type.kind === 'array' && known.every((part) => part.type.kind === 'array')) {
    const rows = known.map((part) => (part.type.kind === 'array' ? part.type.sizes[0] : undefined));
    const total = rows.includes(undefined)
      ? undefined
      : rows.reduce<number>((sum, row) => sum + (row ?? 0), 0);
    return join(syntax, known, { ...first.type, sizes: [total, ...first.type.sizes.slice(1)] });
  }
  return complain(context, syntax, {
    code: 'type',
    message: "'++' joins registers of bits or arrays",
    expected: 'parts of one kind',
  });
}

function join(span: Span, parts: readonly Expr[], type: Type): Expr {
  return { kind: 'join', parts, type, start: span.start, end: span.end };
}

/** `{1, 2, 3}`, `{{1, 2}, {3, 4}}` for a variable of the array type `type`. */
export function checkArrayLiteral(
  context: Context,
  syntax: ArrayLiteral,
  type: Type & { kind: 'array' },
): Expr | undefined {
  const elements: Expr[] = [];
  if (!fill(context, syntax, type, 0, elements)) return undefined;
  if (elements.every((element) => element.kind === 'constant')) {
    const values = elements.map((element) => element.value);
    return constantOf(syntax, type, { sizes: type.sizes.map((size) => size ?? 0), elements: values });
  }
  return join(syntax, elements, type);
}

function fill(
  context: Context,
  syntax: ArrayLiteral,
  type: Type & { kind: 'array' },
  depth: number,
  into: Expr[],
): boolean {
  if (syntax.elements.length !== type.sizes[depth]) {
    complain(context, syntax, {
      code: 'size',
      message: `The list has ${syntax.elements.length} where ${type.sizes[depth] ?? 0} elements are declared`,
      expected: `${type.sizes[depth] ?? 0} elements`,
    });
    return false;
  }
  let right = true;
  for (const element of syntax.elements) {
    if (element.kind === 'array-literal' && depth + 1 < type.sizes.length) {
      right = fill(context, element, type, depth + 1, into) && right;
      continue;
    }
    const value = element.kind === 'array-literal' ? undefined : checkExpression(context, element);
    if (element.kind === 'array-literal') {
      complain(context, element, {
        code: 'size',
        message: `More levels of braces than the array's ${type.sizes.length} dimensions`,
        expected: 'a value',
      });
    }
    const rest = type.sizes.slice(depth + 1);
    const target: Type = rest.length === 0 ? type.element : { ...type, sizes: rest };
    const converted = value && convert(context, value, target);
    if (converted === undefined) right = false;
    else if (converted.kind === 'constant' && rest.length > 0) {
      const { elements } = converted.value as { elements: Value[] };
      into.push(...elements.map((each) => constantOf(converted, type.element, each)));
    } else into.push(converted);
  }
  return right;
}
