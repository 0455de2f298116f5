import type { Statement } from './ast.ts';
import type { Cursor } from './cursor.ts';
import { K } from './keywords.ts';
import { parseMeasure, parseOperand, parseOperands } from './parse-expression.ts';
import { T } from './token-kinds.ts';

export function parseMeasurement(c: Cursor): Statement {
  const { start } = c;
  const measure = parseMeasure(c);
  // OpenQASM 2 has no measurement without a register to go to.
  if (c.version === 2 && c.kind !== T.arrow) c.fail("'->' and a register");
  const target = c.accept(T.arrow) ? parseOperand(c) : undefined;
  c.semicolon();
  return { kind: 'measurement', start, end: c.lastEnd, measure, target };
}

export function parseReset(c: Cursor): Statement {
  const { start } = c;
  c.next();
  const operand = parseOperand(c);
  c.semicolon();
  return { kind: 'reset', start, end: c.lastEnd, operand };
}

export function parseBarrier(c: Cursor): Statement {
  const { start } = c;
  const kind = c.kind === K.nop ? 'nop' : 'barrier';
  c.next();
  const operands = c.kind === T.semicolon ? [] : parseOperands(c);
  c.semicolon();
  return { kind, start, end: c.lastEnd, operands };
}
