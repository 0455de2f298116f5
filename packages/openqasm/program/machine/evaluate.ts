import type { Span } from '../../source/diagnostic.ts';
import type { ArrayValue, Expr, Place, Selector, Type, Value } from '../ir.ts';
import {
  applyBinary,
  applyBuiltin,
  applyUnary,
  convertValue,
  resolveIndex,
  toBool,
} from '../values/index.ts';
import { fail, failOnDevice } from './failure.ts';
import type { Frame } from './frame.ts';
import type { Scope } from './scope.ts';
import { type Picker, readSelected, select } from './selection.ts';

// Well under what overflows V8's stack (a level takes some 200 bytes); chains of operators count as one level.
const DEEPEST = 2000;
let depth = 0;

/**
 * The value of an expression; it may share cells with a variable, so it is not to be changed. Reads no outcome that it does not
 * have to: bits that are only moved keep their cells.
 *
 * @throws Need where an outcome is read that is not known; ValueError (at `scope.where`); RunFailure
 */
export function evaluate(expr: Expr, scope: Scope): Value {
  if (expr.kind === 'constant') return expr.value;
  if (depth > DEEPEST) fail(expr, 'limit', 'the expression is nested too deep', `at most ${DEEPEST} levels`);
  depth++;
  try {
    scope.budget.step(expr);
    return evaluateDeep(expr, scope);
  } finally {
    depth--;
  }
}

/** The value with every outcome in it known. @throws Need */
export function known(value: Value, scope: Scope): Value {
  if (value instanceof Int32Array) return scope.outcomes.known(value);
  if (typeof value === 'object' && 'elements' in value) {
    return { sizes: value.sizes, elements: value.elements.map((each) => known(each, scope)) };
  }
  return value;
}

export function evaluateKnown(expr: Expr, scope: Scope): Value {
  return known(evaluate(expr, scope), scope);
}

export function isTrue(expr: Expr, scope: Scope): boolean {
  return toBool(evaluateKnown(expr, scope));
}

export function frameOf(place: { readonly frame: 'global' | 'local' }, scope: Scope): Frame {
  return place.frame === 'global' ? scope.globals : scope.local;
}

/** The numbers in selectors. @throws Need, RunFailure */
export function resolveSelectors(selectors: readonly Selector[], scope: Scope): readonly Picker[] {
  return selectors.map((selector) => resolveSelector(selector, scope));
}

function resolveSelector(selector: Selector, scope: Scope): Picker {
  const number = (expr: Expr) => evaluateKnown(expr, scope) as bigint;
  switch (selector.kind) {
    case 'index':
      return { ...spanOf(selector.index), kind: 'index', index: number(selector.index) };
    case 'range': {
      const { from, step, to } = selector;
      return {
        ...spanOf(from ?? to ?? step ?? scope.where),
        kind: 'range',
        from: from && number(from),
        step: step && number(step),
        to: to && number(to),
      };
    }
    case 'set':
      return {
        ...spanOf(selector.indices[0] ?? scope.where),
        kind: 'set',
        indices: selector.indices.map(number),
      };
  }
}

function spanOf(span: Span): Span {
  return { start: span.start, end: span.end };
}

function evaluateDeep(expr: Exclude<Expr, { kind: 'constant' }>, scope: Scope): Value {
  switch (expr.kind) {
    case 'load':
      return load(expr.from, scope);
    case 'unary': {
      const operand = evaluateKnown(expr.operand, scope);
      scope.where = expr;
      return applyUnary(expr.operator, operand, expr.operand.type);
    }
    case 'binary':
      return evaluateChain(expr, scope);
    case 'convert':
      return convert(expr, scope);
    case 'pick': {
      const value = evaluate(expr.of, scope);
      const pickers = resolveSelectors(expr.selectors, scope);
      return readSelected(value, expr.of.type, select(value, expr.of.type, pickers, scope, 'the value'));
    }
    case 'builtin': {
      if (expr.name === 'sizeof') return sizeOf(expr, scope);
      const values = expr.arguments.map((each) => evaluateKnown(each, scope));
      scope.where = expr;
      const types = expr.arguments.map((each) => each.type);
      return applyBuiltin(expr.name, values, types, expr.type);
    }
    case 'device-time':
      return failOnDevice(expr, expr.name === 'stretch' ? 'how long a stretch is' : 'durationof');
    case 'join':
      return join(
        expr.parts.map((part) => evaluate(part, scope)),
        expr.type,
      );
  }
}

/** `a + b + c + ...` leans to the left: goes down that side in a loop, so that a chain of any length is one level. */
function evaluateChain(expr: Expr & { kind: 'binary' }, scope: Scope): Value {
  const chain = [expr];
  for (let left = expr.left; left.kind === 'binary'; left = left.left) chain.push(left);
  let value = evaluateKnown((chain.at(-1) as typeof expr).left, scope);
  for (const each of chain.reverse()) {
    if (each.operator === '&&' || each.operator === '||') {
      const decided = toBool(value) === (each.operator === '||');
      value = decided ? toBool(value) : isTrue(each.right, scope);
      continue;
    }
    const right = evaluateKnown(each.right, scope);
    scope.where = each;
    scope.budget.step(each, 1 + (widthOf(each) >> 4));
    value = applyBinary(each.operator, value, right, [each.left.type, each.right.type], each.type);
  }
  return value;
}

function widthOf(expr: Expr): number {
  return 'width' in expr.type ? (expr.type.width ?? 0) : 0;
}

function convert(expr: Expr & { kind: 'convert' }, scope: Scope): Value {
  const from = expr.operand.type;
  const moved = from.kind === 'bits' && expr.type.kind === 'bits';
  const value = moved ? evaluate(expr.operand, scope) : evaluateKnown(expr.operand, scope);
  scope.where = expr;
  scope.budget.step(expr, widthOf(expr) >> 4);
  return convertValue(value, from, expr.type);
}

function load(place: Place, scope: Scope): Value {
  const frame = frameOf(place, scope);
  const value = frame.get(place.slot);
  if (place.selectors.length === 0) return value;
  const slot = frame.slots[place.slot];
  if (slot === undefined || slot.type.kind === 'qubits')
    throw new RangeError(`no variable in slot ${place.slot}`);
  scope.where = place;
  const pickers = resolveSelectors(place.selectors, scope);
  return readSelected(value, slot.type, select(value, slot.type, pickers, scope, slot.name));
}

/** Needs no outcome: only how many elements there are. */
function sizeOf(expr: Expr & { kind: 'builtin' }, scope: Scope): bigint {
  const [list, dimension] = expr.arguments;
  const value = evaluate(list as Expr, scope);
  const at = dimension === undefined ? 0n : (evaluateKnown(dimension, scope) as bigint);
  scope.where = expr;
  const sizes = value instanceof Int32Array ? [value.length] : (value as ArrayValue).sizes;
  return BigInt(sizes[resolveIndex(at, sizes.length, 'the list of dimensions')] as number);
}

/** Bits after bits; elements and arrays row by row into an array. */
function join(parts: readonly Value[], type: Type): Value {
  if (type.kind !== 'array') return Int32Array.from(parts.flatMap((part) => [...(part as Int32Array)]));
  const elements = parts.flatMap((part) => (isArray(part) ? part.elements : [part]));
  const inner = parts.map((part) => (isArray(part) ? part.sizes.slice(1) : []))[0] ?? [];
  const row = inner.reduce((product, size) => product * size, 1);
  // Only `++` of arrays whose length is not known before leaves a size open: the first.
  const sizes = type.sizes.map((size, i) => size ?? (i === 0 ? elements.length / row : (inner[i - 1] ?? 0)));
  return { sizes, elements };
}

function isArray(value: Value): value is ArrayValue {
  return typeof value === 'object' && 'elements' in value;
}
