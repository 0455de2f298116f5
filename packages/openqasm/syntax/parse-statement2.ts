import type { Expression, Identifier, Statement } from './ast.ts';
import type { Cursor } from './cursor.ts';
import { K, VERSION_3_FROM } from './keywords.ts';
import { parseOldStyle } from './parse-declaration.ts';
import { parseGate, parseNames, parseNamesInParens } from './parse-definition.ts';
import { parseArguments, parseOperands } from './parse-expression.ts';
import { NO_ARGUMENTS, NO_MODIFIERS } from './parse-gate-call.ts';
import { parseInclude } from './parse-include.ts';
import { parseLiteral } from './parse-literal.ts';
import { parseBarrier, parseMeasurement, parseReset } from './parse-quantum.ts';
import { T } from './token-kinds.ts';

/** One statement of OpenQASM 2. What only OpenQASM 3 has ends the pass: the version line is wrong, not each statement. */
export function parseStatement2(c: Cursor): Statement {
  const parser = PARSERS.get(c.kind);
  if (parser) return parser(c);
  if (c.isName(c.kind)) return parseCall(c);
  if (c.kind === T.pragma || c.kind === T.annotation) refuse(c);
  return c.fail('a statement');
}

const PARSERS = new Map<number, (c: Cursor) => Statement>([
  [K.include, parseInclude],
  [K.qreg, parseOldStyle],
  [K.creg, parseOldStyle],
  [K.gate, parseGateDefinition],
  [K.opaque, parseOpaque],
  [K.measure, parseMeasurement],
  [K.reset, parseReset],
  [K.barrier, parseBarrier],
  [K.if, parseIf],
]);

function refuse(c: Cursor): never {
  const what = c.found();
  const message = `${what[0]?.toUpperCase()}${what.slice(1)} belongs to OpenQASM 3; this program is read as OpenQASM 2.`;
  c.report(c.here(), 'version', message, 'a statement of OpenQASM 2', 'write OPENQASM 3.0;');
  return c.pass.abortReported();
}

function parseCall(c: Cursor): Statement {
  const { start } = c;
  // A keyword of OpenQASM 3 is a gate here only if the program defines it.
  if (c.kind >= VERSION_3_FROM && !c.gatesNamedByKeywords.has(c.text)) refuse(c);
  const after = c.peek(1);
  const name = c.anyName();
  if (after >= T.assign && after <= T.assignLast) refuse(c);
  const args = c.kind === T.leftParen ? parseArguments(c) : NO_ARGUMENTS;
  const operands = parseOperands(c);
  c.semicolon(args.length === 0 ? name : undefined);
  return {
    kind: 'gate-call',
    start,
    end: c.lastEnd,
    modifiers: NO_MODIFIERS,
    name,
    arguments: args,
    duration: undefined,
    operands,
  };
}

function noteGateName(c: Cursor): void {
  if (c.peek(1) < VERSION_3_FROM) return;
  const { index } = c;
  c.next();
  c.gatesNamedByKeywords.add(c.text);
  c.moveTo(index);
}

function parseGateDefinition(c: Cursor): Statement {
  noteGateName(c);
  return parseGate(c);
}

/** `opaque name(a, b) q, r;` */
function parseOpaque(c: Cursor): Statement {
  noteGateName(c);
  const { start } = c;
  c.next();
  const name = c.identifier('the name of the gate');
  const parameters = parseNamesInParens(c);
  const qubits = parseNames(c, T.semicolon, 'the name of a qubit');
  c.semicolon();
  return { kind: 'opaque', start, end: c.lastEnd, name, parameters, qubits };
}

/** `if (c == 1) x q[0];`: a whole register and an integer, one operation. */
function parseIf(c: Cursor): Statement {
  const { start } = c;
  c.next();
  c.expect(T.leftParen, "'('");
  const left = c.identifier('the name of a classical register');
  if (c.kind === T.leftBracket) {
    const suggestion = 'write OPENQASM 3.0; to compare single bits';
    c.report(c.here(), 'version', 'OpenQASM 2 compares whole registers only.', "'=='", suggestion);
    c.failReported();
  }
  if (c.kind === T.assign) {
    c.report(c.here(), 'syntax', "'=' is no comparison; write '=='.", "'=='", '==');
    c.next();
  } else {
    c.expect(T.equal, "'=='");
  }
  const condition = parseComparison(c, left);
  c.expect(T.rightParen, "')'");
  if (c.kind === T.leftBrace) refuse(c);
  const at = c.start;
  const statement = parseStatement2(c);
  const then = { start: at, end: c.lastEnd, statements: [statement] };
  if (statement.kind === 'if' || !OPERATIONS.includes(statement.kind)) {
    const expected = 'a gate, a measurement or a reset';
    c.report(statement, 'scope', "Only a quantum operation may follow an 'if' of OpenQASM 2.", expected);
  }
  return { kind: 'if', start, end: c.lastEnd, condition, then, else: undefined };
}

const OPERATIONS: readonly Statement['kind'][] = ['gate-call', 'measurement', 'reset', 'barrier'];

function parseComparison(c: Cursor, left: Identifier): Expression {
  const right = c.kind === T.decimal ? parseLiteral(c) : undefined;
  if (!right) return c.fail('an integer');
  return { kind: 'binary', start: left.start, end: right.end, operator: '==', left, right };
}
