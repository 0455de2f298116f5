import type { Statement } from './ast.ts';
import type { Cursor } from './cursor.ts';
import { isScalarType, K } from './keywords.ts';
import { parseBlock } from './parse-block.ts';
import { parseList, parseParameter, parseReturns } from './parse-definition.ts';
import { parseOperands } from './parse-expression.ts';
import { parsePath } from './parse-include.ts';
import { parseDesignator, parseOptionalDesignator, parseScalarType } from './parse-type.ts';
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

/** `defcal rz(angle[20] t) $0 -> bit { raw }` */
export function parseDefcal(c: Cursor): Statement {
  const { start } = c;
  c.next();
  const from = c.start;
  const isOperation = c.kind === K.measure || c.kind === K.reset || c.kind === K.delay;
  if (!isOperation && c.kind !== T.identifier) c.fail('what is calibrated: a gate, measure, reset or delay');
  c.next();
  if (c.kind === T.leftParen) parseList(c, parseDefcalArgument);
  do {
    if (c.kind !== T.hardwareQubit && c.kind !== T.identifier) c.fail('a qubit such as $0');
    c.next();
  } while (c.accept(T.comma) && !c.is(T.leftBrace) && !c.is(T.arrow));
  parseReturns(c);
  const { base, text: all } = c.file;
  const head = all.slice(from - base, c.lastEnd - base);
  const signature = head.replaceAll(COMMENT, ' ').replaceAll(/\s+/g, ' ').trim();
  const text = parseRaw(c);
  return { kind: 'defcal', start, end: c.lastEnd, signature, text };
}

const COMMENT = /\/\/[^\n]*|\/\*[\s\S]*?\*\//g;

/** A parameter, or the value of one that this calibration is for: `angle t`, `pi / 2`, `int(3)`. */
function parseDefcalArgument(c: Cursor): void {
  const { index, kind } = c;
  let isValue = kind !== K.qubit && kind !== K.qreg && kind !== K.creg;
  if (isScalarType(kind)) {
    parseScalarType(c);
    isValue = c.kind === T.leftParen;
    c.moveTo(index);
  }
  if (isValue && kind !== K.readonly && kind !== K.mutable) c.grammar.expression(c);
  else parseParameter(c);
}

function parseRaw(c: Cursor): string {
  const open = c.here();
  if (c.kind !== T.leftBrace) c.fail("'{' and a calibration");
  c.next();
  const { text } = c;
  c.expect(T.calibration, 'a calibration');
  if (c.is(T.end)) c.report(open, 'syntax', "This '{' is never closed.", "a '}' for this '{'");
  else c.expect(T.rightBrace, "'}'");
  return text;
}
