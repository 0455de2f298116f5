import type {
  BinaryOperator,
  Concatenation,
  Expression,
  MeasureExpression,
  RangeExpression,
  SetExpression,
} from './ast.ts';
import type { Cursor } from './cursor.ts';
import { isScalarType, K } from './keywords.ts';
import { parseBlock } from './parse-block.ts';
import { parseExpressions } from './parse-list.ts';
import { parseHardwareQubit, parseLiteral } from './parse-literal.ts';
import { parseType } from './parse-type.ts';
import { BINARY_OPERATORS, BINDING_POWERS, T, UNARY_POWER } from './token-kinds.ts';

/** An expression: binary operators by precedence climbing, `**` to the right and tighter than a unary operator before it. */
export function parseExpression(c: Cursor): Expression {
  return parseBinary(c, 0);
}

/** What follows binds tighter than `least`. */
function parseBinary(c: Cursor, least: number): Expression {
  let left = parseUnary(c);
  let height = c.height;
  for (;;) {
    const kind = operatorOf(c);
    const power = kind < T.orOr || kind > T.power ? -1 : (BINDING_POWERS[kind - T.orOr] as number);
    if (power <= least) break;
    c.next();
    // To the right: the next power of the same rank belongs to the operand.
    if (kind === T.power) c.enter();
    const right = parseBinary(c, kind === T.power ? power - 1 : power);
    if (kind === T.power) c.leave();
    const operator = BINARY_OPERATORS[kind - T.orOr] as BinaryOperator;
    left = { kind: 'binary', start: left.start, end: right.end, operator, left, right };
    height = Math.max(height, c.height) + 1;
    c.grow(height);
  }
  c.height = height;
  return left;
}

/** OpenQASM 2 writes powers as `^`, and has no other operator on bits. */
function operatorOf(c: Cursor): number {
  return c.version === 2 && c.kind === T.xor ? T.power : c.kind;
}

function parseUnary(c: Cursor): Expression {
  // OpenQASM 2 as Qiskit reads it: a sign that changes nothing.
  while (c.version === 2 && c.kind === T.plus) c.next();
  const { kind, start } = c;
  if (kind !== T.minus && kind !== T.not && kind !== T.tilde) return parsePostfix(c);
  c.next();
  c.enter();
  const operand = parseBinary(c, UNARY_POWER);
  c.leave();
  c.grow(c.height + 1);
  const operator = kind === T.minus ? '-' : kind === T.not ? '!' : '~';
  return { kind: 'unary', start, end: operand.end, operator, operand };
}

function parsePostfix(c: Cursor): Expression {
  let left = parsePrimary(c);
  let height = c.height;
  while (c.kind === T.leftBracket && c.version === 3) {
    const indices = parseIndices(c);
    height = Math.max(height, c.height) + 1;
    c.grow(height);
    left = { kind: 'index', start: left.start, end: c.lastEnd, of: left, indices };
  }
  c.height = height;
  return left;
}

function parsePrimary(c: Cursor): Expression {
  c.height = 1;
  const { kind, start } = c;
  if (c.isName(kind) || ((kind === K.pow || kind === K.gphase) && c.peek(1) === T.leftParen)) {
    return parseNameOrCall(c);
  }
  const literal = parseLiteral(c);
  if (literal) return literal;
  if (kind === T.leftParen) return parseParenthesized(c);
  if (kind === K.true || kind === K.false) {
    c.next();
    return { kind: 'boolean', start, end: c.lastEnd, value: kind === K.true };
  }
  if (isScalarType(kind) || kind === K.array) return parseCast(c);
  if (kind === K.durationof) return parseDurationOf(c);
  return c.fail('an expression', kind === K.measure ? 'measure into a variable of its own first' : undefined);
}

function parseParenthesized(c: Cursor): Expression {
  const { start } = c;
  c.next();
  c.enter();
  const expression = parseExpression(c);
  c.leave();
  c.expect(T.rightParen, "')'");
  c.grow(c.height + 1);
  return { kind: 'parenthesized', start, end: c.lastEnd, expression };
}

function parseNameOrCall(c: Cursor): Expression {
  const name = c.anyName();
  if (c.kind !== T.leftParen) return name;
  const args = parseArguments(c);
  return { kind: 'call', start: name.start, end: c.lastEnd, name, arguments: args };
}

const NONE: readonly Expression[] = [];

/** `(a, b)`; a comma may follow the last one. */
export function parseArguments(c: Cursor): readonly Expression[] {
  c.next();
  c.enter();
  const list = c.kind === T.rightParen ? NONE : parseExpressions(c, T.rightParen);
  c.leave();
  c.expect(T.rightParen, "',' or ')'");
  c.grow(c.height + 1);
  return list;
}

function parseCast(c: Cursor): Expression {
  const type = parseType(c);
  if (c.kind !== T.leftParen) c.fail("'(' and the value to convert");
  const { start } = c;
  const operands = parseArguments(c);
  const operand = operands[0];
  if (!operand || operands.length > 1) {
    c.report(
      { start, end: c.lastEnd },
      'arity',
      `A cast takes one value, found ${operands.length}.`,
      'one value',
    );
  }
  const value: Expression = operand ?? { kind: 'boolean', start, end: c.lastEnd, value: false };
  return { kind: 'cast', start: type.start, end: c.lastEnd, type, operand: value };
}

function parseDurationOf(c: Cursor): Expression {
  const { start } = c;
  c.next();
  c.expect(T.leftParen, "'('");
  c.enter();
  const body = parseBlock(c);
  c.leave();
  c.expect(T.rightParen, "')'");
  c.height = 2;
  return { kind: 'durationof', start, end: c.lastEnd, body };
}

/** `[2]`, `[0:3]`, `[1, 0:2]`, `[{0, 2}]`. */
function parseIndices(c: Cursor): (Expression | RangeExpression | SetExpression)[] {
  c.next();
  c.enter();
  const indices = c.kind === T.leftBrace ? [parseSet(c)] : parseIndexList(c);
  c.leave();
  c.expect(T.rightBracket, "']'");
  return indices;
}

function parseIndexList(c: Cursor): (Expression | RangeExpression)[] {
  const first = parseIndexOrRange(c);
  if (!c.is(T.comma)) return [first];
  const list = [first];
  let height = c.height;
  while (c.accept(T.comma)) {
    if (c.kind === T.rightBracket) break;
    list.push(parseIndexOrRange(c));
    height = Math.max(height, c.height);
  }
  c.height = height;
  return list;
}

/** `a`, `a:b`, `a:step:b`; each part of a range may be missing. */
export function parseIndexOrRange(c: Cursor): Expression | RangeExpression {
  const { start } = c;
  c.height = 1;
  const from = c.kind === T.colon ? undefined : parseExpression(c);
  let height = c.height;
  if (from && c.kind !== T.colon) return from;
  c.next();
  const second = startsNoPart(c) ? undefined : parseExpression(c);
  height = Math.max(height, c.height);
  let parts = { step: undefined as Expression | undefined, to: second };
  if (c.accept(T.colon)) {
    parts = { step: second, to: startsNoPart(c) ? undefined : parseExpression(c) };
    height = Math.max(height, c.height);
  }
  c.grow(height + 1);
  return { kind: 'range', start, end: c.lastEnd, from, ...parts };
}

function startsNoPart(c: Cursor): boolean {
  return c.kind === T.colon || c.kind === T.rightBracket || c.kind === T.comma;
}

/** `{0, 2, 5}` */
export function parseSet(c: Cursor): SetExpression {
  const { start } = c;
  c.next();
  const elements = parseExpressions(c, T.rightBrace);
  c.expect(T.rightBrace, "',' or '}'");
  return { kind: 'set', start, end: c.lastEnd, elements };
}

/** An expression, or several joined by `++`. */
export function parseConcatenation(c: Cursor): Expression {
  const first = parseExpression(c);
  if (c.kind !== T.concat) return first;
  const parts = [first];
  while (c.accept(T.concat)) parts.push(parseExpression(c));
  const node: Concatenation = { kind: 'concatenation', start: first.start, end: c.lastEnd, parts };
  return node;
}

/** `measure q` where a value may be measured, else an expression. */
export function parseValue(c: Cursor): Expression | MeasureExpression {
  return c.kind === K.measure ? parseMeasure(c) : parseExpression(c);
}

export function parseMeasure(c: Cursor): MeasureExpression {
  const { start } = c;
  c.next();
  const operand = parseOperand(c);
  return { kind: 'measure-expression', start, end: c.lastEnd, operand };
}

/** A qubit or several: `q`, `q[0]`, `$3`. */
export function parseOperand(c: Cursor): Expression {
  if (c.kind === T.hardwareQubit) return parseHardwareQubit(c);
  if (!c.isName(c.kind)) c.fail('a qubit or register');
  let operand: Expression = c.anyName();
  while (c.kind === T.leftBracket) {
    const indices = c.version === 2 ? parseIndex2(c) : parseIndices(c);
    operand = { kind: 'index', start: operand.start, end: c.lastEnd, of: operand, indices };
  }
  return operand;
}

/** OpenQASM 2 indexes by an integer only. */
function parseIndex2(c: Cursor): Expression[] {
  c.next();
  const index = c.kind === T.decimal ? parseLiteral(c) : undefined;
  if (!index) c.fail('an index such as 0', c.kind === T.colon ? 'OPENQASM 3.0; for slices' : undefined);
  c.expect(T.rightBracket, "']'");
  return [index];
}

/** One or more, with commas between. Short lists are made at their length: one that is pushed to holds room for 17. */
export function parseOperands(c: Cursor): readonly Expression[] {
  const first = parseOperand(c);
  if (!anotherOperand(c)) return [first];
  const second = parseOperand(c);
  if (!anotherOperand(c)) return [first, second];
  const list = [first, second, parseOperand(c)];
  while (anotherOperand(c)) list.push(parseOperand(c));
  return list;
}

/** Takes a comma; in OpenQASM 3 the last one may be followed by nothing. */
function anotherOperand(c: Cursor): boolean {
  return c.accept(T.comma) && !(c.kind === T.semicolon && c.version === 3);
}
