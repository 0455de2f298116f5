import type { Expr, Instruction, Type } from '../program/ir.ts';
import { BOOL, INT, typeName } from '../program/values/types.ts';
import type { Expression, For, If, Switch, While } from '../syntax/ast.ts';
import { checkBlock } from './blocks.ts';
import { constantInteger, constantOf } from './constants.ts';
import { addSlot, type Context, collect, complain, frameKind } from './context.ts';
import { convert } from './conversions.ts';
import { define } from './names.ts';
import { checkExpression } from './rules.ts';
import { constantLength, wholeNumber } from './selectors.ts';
import { resolveType } from './types.ts';

type Kind<K extends Instruction['kind']> = Extract<Instruction, { kind: K }>;

function checkCondition(context: Context, syntax: Expression): Expr | undefined {
  const condition = checkExpression(context, syntax);
  return condition && convert(context, condition, BOOL, 'implicit', syntax);
}

export function checkIf(context: Context, syntax: If): undefined {
  const condition = checkCondition(context, syntax.condition);
  const then = checkBlock(context, syntax.then);
  const otherwise = syntax.else ? checkBlock(context, syntax.else) : [];
  if (condition === undefined) return;
  context.out.push({ kind: 'if', condition, then, else: otherwise, start: syntax.start, end: syntax.end });
}

export function checkWhile(context: Context, syntax: While): undefined {
  let condition: Expr | undefined;
  const calls = collect(context, () => {
    condition = checkCondition(context, syntax.condition);
  });
  context.frame.loops += 1;
  const body = checkBlock(context, syntax.body);
  context.frame.loops -= 1;
  if (condition === undefined) return;
  const span = { start: syntax.start, end: syntax.end };
  if (calls.length === 0) {
    context.out.push({ kind: 'while', condition, body, ...span });
    return;
  }
  // What the condition calls has to run before every round: `while (true) { calls; if (!condition) break; body }`.
  // biome-ignore lint/suspicious/noThenProperty: as above.
  const leave: Kind<'if'> = { kind: 'if', condition, then: [], else: [{ kind: 'break', ...span }], ...span };
  const always = constantOf(syntax.condition, BOOL, true);
  context.out.push({ kind: 'while', condition: always, body: [...calls, leave, ...body], ...span });
}

export function checkFor(context: Context, syntax: For): undefined {
  const type = resolveType(context, syntax.type);
  const over = checkIterable(context, syntax, type);
  const slot = addSlot(context, syntax.variable.name, type ?? INT);
  const frame = frameKind(context);
  context.frame.loops += 1;
  const body = checkBlock(context, syntax.body, () => {
    define(
      context,
      syntax.variable,
      type === undefined ? { kind: 'poison' } : { kind: 'variable', type, frame, slot, fixed: undefined },
    );
  });
  context.frame.loops -= 1;
  if (over === undefined || type === undefined) return;
  context.out.push({ kind: 'for', frame, slot, over, body, start: syntax.start, end: syntax.end });
}

function checkIterable(
  context: Context,
  syntax: For,
  type: Type | undefined,
): Kind<'for'>['over'] | undefined {
  const { over } = syntax;
  if (over.kind === 'range') return checkRange(context, over);
  if (over.kind === 'set') {
    const elements = over.elements.map((element) => {
      const value = checkExpression(context, element);
      return value && type && convert(context, value, type, 'implicit', element);
    });
    return elements.includes(undefined) ? undefined : { kind: 'set', elements: elements as Expr[] };
  }
  const of = checkExpression(context, over);
  if (of === undefined || type === undefined) return undefined;
  const isList =
    (of.type.kind === 'bits' && !of.type.lone) || (of.type.kind === 'array' && of.type.sizes.length === 1);
  if (!isList) {
    return complain(context, over, {
      code: 'type',
      message: `A loop does not go over ${typeName(of.type)}`,
      expected: 'a range in brackets, a set, a register of bits or an array of one dimension',
    });
  }
  const element: Type = of.type.kind === 'array' ? of.type.element : { kind: 'bits', width: 1, lone: true };
  const sample: Expr = { kind: 'pick', of, selectors: [], type: element, start: over.start, end: over.end };
  return convert(context, sample, type, 'implicit', over) && { kind: 'elements', of };
}

function checkRange(
  context: Context,
  syntax: Extract<For['over'], { kind: 'range' }>,
): Kind<'for'>['over'] | undefined {
  const from = syntax.from && wholeNumber(context, syntax.from);
  const stride = syntax.step && wholeNumber(context, syntax.step);
  const to = syntax.to && wholeNumber(context, syntax.to);
  if (syntax.from === undefined || syntax.to === undefined) {
    return complain(context, syntax, {
      code: 'syntax',
      message: 'The range of a loop has both its ends',
      expected: '[from:to] or [from:step:to]',
    });
  }
  if (from === undefined || to === undefined || (syntax.step && stride === undefined)) return undefined;
  if (stride?.kind === 'constant' && stride.value === 0n) {
    return constantLength(context, syntax, 0n, 0n, 0n) as undefined;
  }
  return { kind: 'range', from, step: stride, to };
}

export function checkSwitch(context: Context, syntax: Switch): undefined {
  const subject = checkSubject(context, syntax.subject);
  if (syntax.cases.length === 0) {
    complain(context, syntax, {
      code: 'syntax',
      message: 'A switch has at least one case',
      expected: 'case 0 { }',
    });
  }
  const seen = new Set<bigint>();
  const cases = syntax.cases.map((each) => ({
    values: each.values.map((value) => checkLabel(context, value, seen)),
    body: checkBlock(context, each.body),
  }));
  const otherwise = syntax.default && checkBlock(context, syntax.default);
  if (subject === undefined || cases.some((each) => each.values.includes(undefined))) return;
  context.out.push({
    kind: 'switch',
    subject,
    cases: cases as Kind<'switch'>['cases'],
    default: otherwise,
    start: syntax.start,
    end: syntax.end,
  });
}

/** OpenQASM 3.1, "The switch statement": of integer type, and nothing is converted to one. */
function checkSubject(context: Context, syntax: Expression): Expr | undefined {
  const subject = checkExpression(context, syntax);
  if (subject === undefined || subject.type.kind === 'int' || subject.type.kind === 'uint') return subject;
  const { type } = subject;
  return complain(context, syntax, {
    code: 'type',
    message: `A switch is over a whole number, not ${typeName(type)}`,
    expected: 'int or uint',
    suggestion: type.kind === 'bits' ? `make a number of the bits: uint[${type.width}](...)` : undefined,
  });
}

function checkLabel(context: Context, syntax: Expression, seen: Set<bigint>): bigint | undefined {
  const value = constantInteger(context, syntax, 'a case');
  if (value === undefined) return undefined;
  if (!seen.has(value)) {
    seen.add(value);
    return value;
  }
  return complain(context, syntax, {
    code: 'redeclared',
    message: `The case ${value} stands twice in this switch`,
    expected: 'each value in one case only',
  });
}
