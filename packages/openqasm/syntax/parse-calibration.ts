import type { Statement } from './ast.ts';
import type { Cursor } from './cursor.ts';
import { parseBlock } from './parse-block.ts';
import { parseOperands } from './parse-expression.ts';
import { parsePath } from './parse-include.ts';
import { parseDesignator, parseOptionalDesignator } from './parse-type.ts';
import { T } from './token-kinds.ts';

/** `delay[100ns] q;` */
export function parseDelay(c: Cursor): Statement {
  const { start } = c;
  c.next();
  const duration = parseDesignator(c);
  const operands = c.kind === T.semicolon ? [] : parseOperands(c);
  c.semicolon();
  return { kind: 'delay', start, end: c.lastEnd, duration, operands };
}

/** `box[200ns] { ... }` */
export function parseBox(c: Cursor): Statement {
  const { start } = c;
  c.next();
  const duration = parseOptionalDesignator(c);
  const body = parseBlock(c);
  return { kind: 'box', start, end: c.lastEnd, duration, body };
}

export function parseCalibrationGrammar(c: Cursor): Statement {
  const { start } = c;
  c.next();
  const grammar = parsePath(c);
  c.semicolon();
  return { kind: 'calibration-grammar', start, end: c.lastEnd, grammar };
}

/** `cal { raw }` */
export function parseCalibration(c: Cursor): Statement {
  const { start } = c;
  c.next();
  const text = parseRaw(c);
  return { kind: 'cal', start, end: c.lastEnd, text };
}

/** `defcal signature { raw }` */
export function parseDefcal(c: Cursor): Statement {
  const { start } = c;
  c.next();
  // The lexer told of a missing block.
  if (c.kind !== T.signature) c.failReported();
  const signature = c.text.trim().replaceAll(/\s+/g, ' ');
  if (signature === '') c.fail('what is calibrated');
  c.next();
  const text = parseRaw(c);
  return { kind: 'defcal', start, end: c.lastEnd, signature, text };
}

function parseRaw(c: Cursor): string {
  const open = c.here();
  if (c.kind !== T.leftBrace) c.failReported();
  c.next();
  const { text } = c;
  c.expect(T.calibration, 'a calibration');
  if (c.is(T.end)) c.report(open, 'syntax', "This '{' is never closed.", "a '}' for this '{'");
  else c.expect(T.rightBrace, "'}'");
  return text;
}
