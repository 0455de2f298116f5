import { suggest } from '../source/suggest.ts';
import type { Expression, GateCall, Statement } from './ast.ts';
import type { Cursor } from './cursor.ts';
import { isScalarType, K } from './keywords.ts';
import { parseBlock } from './parse-block.ts';
import {
  parseBox,
  parseCalibration,
  parseCalibrationGrammar,
  parseDefcal,
  parseDelay,
} from './parse-calibration.ts';
import { parseFor, parseIf, parseReturn, parseSwitch, parseWhile } from './parse-control.ts';
import {
  parseAlias,
  parseClassical,
  parseConst,
  parseInputOutput,
  parseOldStyle,
  parseQubit,
} from './parse-declaration.ts';
import { parseDef, parseExtern, parseGate } from './parse-definition.ts';
import { parseConcatenation, parseExpression, parseMeasure, parseOperands } from './parse-expression.ts';
import { NO_ARGUMENTS, NO_MODIFIERS, parseGateCall, parseModified } from './parse-gate-call.ts';
import { parseInclude } from './parse-include.ts';
import { parseBarrier, parseMeasurement, parseReset } from './parse-quantum.ts';
import { parseStatement2 } from './parse-statement2.ts';
import { ASSIGNMENT_OPERATORS, T } from './token-kinds.ts';

/** One statement of either language. */
export function parseStatement(c: Cursor): Statement {
  if (c.version === 2) return parseStatement2(c);
  if (c.kind === T.identifier) return parseNamed(c);
  const parser = PARSERS.get(c.kind);
  if (parser) return parser(c);
  if (isScalarType(c.kind) || c.kind === K.array) return parseTyped(c);
  if (c.kind === T.semicolon) return failEmpty(c);
  return parseExpressionStatement(c);
}

const PARSERS = new Map<number, (c: Cursor) => Statement>([
  [K.OPENQASM, failVersion],
  [K.include, parseInclude],
  [K.qreg, parseOldStyle],
  [K.creg, parseOldStyle],
  [K.qubit, parseQubit],
  [K.gate, parseGate],
  [K.def, parseDef],
  [K.extern, parseExtern],
  [K.opaque, parseOpaque3],
  [K.const, parseConst],
  [K.input, parseInputOutput],
  [K.output, parseInputOutput],
  [K.let, parseAlias],
  [K.measure, parseMeasurement],
  [K.reset, parseReset],
  [K.barrier, parseBarrier],
  [K.delay, parseDelay],
  [K.box, parseBox],
  [K.nop, parseBarrier],
  [K.if, parseIf],
  [K.for, parseFor],
  [K.while, parseWhile],
  [K.switch, parseSwitch],
  [K.return, parseReturn],
  [K.break, parseWord],
  [K.continue, parseWord],
  [K.end, parseWord],
  [K.else, failElse],
  [K.gphase, parseModified],
  [K.inv, parseModified],
  [K.pow, parseModified],
  [K.ctrl, parseModified],
  [K.negctrl, parseModified],
  [K.cal, parseCalibration],
  [K.defcal, parseDefcal],
  [K.defcalgrammar, parseCalibrationGrammar],
  [T.pragma, parsePragma],
  [T.leftBrace, parseScope],
]);

/** A statement that begins with a name: a gate call, an assignment or an expression. */
function parseNamed(c: Cursor): Statement {
  const after = c.peek(1);
  if (after === T.identifier || after === T.hardwareQubit) return parseGateCall(c, NO_MODIFIERS, c.start);
  if (after === T.leftParen) {
    const { index } = c;
    const call = parseGateCall(c, NO_MODIFIERS, c.start, true);
    if (call) return call;
    c.moveTo(index);
  }
  const { start } = c;
  const first = c.anyName();
  c.moveTo(c.index - 1);
  const target = parseExpression(c);
  if (c.kind >= T.assign && c.kind <= T.assignLast) return parseAssignment(c, target);
  const duration = target.kind === 'index' && target.of.kind === 'identifier' ? target : undefined;
  if (duration && (c.kind === T.identifier || c.kind === T.hardwareQubit)) {
    return parseTimedCall(c, duration);
  }
  const alone = target.kind === 'identifier' ? first : undefined;
  c.semicolon(alone);
  return { kind: 'expression-statement', start, end: c.lastEnd, expression: target };
}

/** A misspelt one of these reads like a gate with a duration. */
const TYPES_WITH_SIZE = ['qubit', 'bit', 'int', 'uint', 'float', 'angle', 'complex', 'array', 'creg', 'qreg'];

/** `x[100ns] q;`: what was read as an index is how long the gate lasts. */
function parseTimedCall(c: Cursor, target: Expression & { kind: 'index' }): GateCall {
  const { start } = target;
  const [duration] = target.indices;
  const name = target.of;
  if (name.kind !== 'identifier' || !duration || duration.kind === 'range' || duration.kind === 'set') {
    return c.fail('an operator or assignment');
  }
  const type = suggest(name.name, TYPES_WITH_SIZE);
  if (type && c.kind === T.identifier && (c.peek(1) === T.semicolon || c.peek(1) === T.assign)) {
    c.report(name, 'syntax', `'${name.name}' is no type.`, `a type such as '${type}'`, type);
    c.failReported();
  }
  const operands = parseOperands(c);
  c.semicolon(name);
  return {
    kind: 'gate-call',
    start,
    end: c.lastEnd,
    modifiers: NO_MODIFIERS,
    name,
    arguments: NO_ARGUMENTS,
    duration,
    operands,
  };
}

function parseAssignment(c: Cursor, target: Expression): Statement {
  let root = target;
  while (root.kind === 'index') root = root.of;
  if (root.kind !== 'identifier') {
    c.report(target, 'syntax', 'Only variables and their elements are assigned to.', 'a variable');
  }
  const operator = ASSIGNMENT_OPERATORS[c.kind - T.assign] ?? '=';
  c.next();
  // The grammar joins in declarations only; the specification's own examples also in assignments.
  const value = c.kind === K.measure ? parseMeasure(c) : parseConcatenation(c);
  c.semicolon();
  return { kind: 'assignment', start: target.start, end: c.lastEnd, target, operator, value };
}

/** A type begins a declaration, or a cast in an expression. */
function parseTyped(c: Cursor): Statement {
  const { index } = c;
  let depth = 0;
  // The type ends at the first token outside of its brackets that is none of its own.
  do {
    c.next();
    if (c.kind === T.leftBracket) depth++;
    else if (c.kind === T.rightBracket) depth--;
  } while (c.kind !== T.end && c.kind !== T.semicolon && (depth > 0 || c.kind === T.rightBracket));
  const cast = c.kind === T.leftParen;
  c.moveTo(index);
  return cast ? parseExpressionStatement(c) : parseClassical(c, undefined);
}

function parseExpressionStatement(c: Cursor): Statement {
  const { start } = c;
  const expression = parseStatementExpression(c);
  c.semicolon();
  return { kind: 'expression-statement', start, end: c.lastEnd, expression };
}

function parseStatementExpression(c: Cursor): Expression {
  const { kind } = c;
  const operator = kind === T.minus || kind === T.not || kind === T.tilde || kind === T.leftParen;
  const literal = kind >= T.decimal && kind <= T.hardwareQubit;
  const word =
    isScalarType(kind) || kind === K.array || kind === K.durationof || kind === K.true || kind === K.false;
  return operator || literal || word ? parseExpression(c) : c.fail('a statement');
}

function parsePragma(c: Cursor): Statement {
  const { start, end } = c;
  const text = c.text.replace(/^#?pragma/, '').trim();
  c.next();
  return { kind: 'pragma', start, end, text };
}

function parseWord(c: Cursor): Statement {
  const { start } = c;
  const kind = c.kind === K.break ? 'break' : c.kind === K.continue ? 'continue' : 'end';
  c.next();
  c.semicolon();
  return { kind, start, end: c.lastEnd };
}

function parseScope(c: Cursor): Statement {
  const { start } = c;
  const body = parseBlock(c);
  return { kind: 'scope', start, end: c.lastEnd, body };
}

function parseOpaque3(c: Cursor): Statement {
  if (c.peek(1) !== T.identifier) return c.fail('a statement');
  c.report(
    c.here(),
    'version',
    "'opaque' is OpenQASM 2; this program is read as OpenQASM 3.",
    'a statement of OpenQASM 3',
    'write a gate definition with a body, or OPENQASM 2.0;',
  );
  return c.pass.abortReported();
}

function failVersion(c: Cursor): Statement {
  c.report(
    c.here(),
    'version',
    'The OPENQASM line is not the first statement of the program.',
    'one OPENQASM line, at the beginning',
    'remove it or move it to the first line',
  );
  return c.failReported();
}

function failElse(c: Cursor): Statement {
  return c.fail('a statement', "an 'else' follows the '}' of its 'if'");
}

function failEmpty(c: Cursor): Statement {
  c.report(c.here(), 'syntax', "A ';' stands alone.", 'a statement', "remove this ';'");
  return c.failReported();
}
