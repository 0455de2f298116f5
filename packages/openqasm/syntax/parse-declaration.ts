import type {
  ArrayLiteral,
  ClassicalDeclaration,
  Expression,
  Identifier,
  QuantumDeclaration,
  Statement,
  TypeSyntax,
} from './ast.ts';
import type { Cursor } from './cursor.ts';
import { K } from './keywords.ts';
import { parseConcatenation, parseMeasure } from './parse-expression.ts';
import { parseDesignator, parseOptionalDesignator, parseScalarType, parseType } from './parse-type.ts';
import { T } from './token-kinds.ts';

/** `qreg q[2];`, `creg c[2];`, in both languages. */
export function parseOldStyle(c: Cursor): QuantumDeclaration | ClassicalDeclaration {
  const { start, kind } = c;
  c.next();
  if (c.kind === T.leftBracket) {
    c.fail('the name of the register', `${kind === K.qreg ? 'qreg q' : 'creg c'}[n];`);
  }
  const name = c.identifier('the name of the register');
  if (c.version === 2 && c.kind !== T.leftBracket) c.fail("'[' and the size of the register");
  const size = parseOptionalDesignator(c);
  c.semicolon();
  const end = c.lastEnd;
  if (kind === K.qreg) return { kind: 'quantum-declaration', start, end, keyword: 'qreg', size, name };
  const type: TypeSyntax = { kind: 'scalar-type', start, end, name: 'bit', width: size, part: undefined };
  const modifier = undefined;
  return {
    kind: 'classical-declaration',
    start,
    end,
    modifier,
    keyword: 'creg',
    type,
    name,
    value: undefined,
  };
}

export function parseQubit(c: Cursor): Statement {
  const { start } = c;
  c.next();
  const size = parseOptionalDesignator(c);
  const name = c.identifier('the name of the qubit or register');
  refuseSizeBehind(c, 'qubit', start, name);
  c.semicolon();
  return { kind: 'quantum-declaration', start, end: c.lastEnd, keyword: 'qubit', size, name };
}

/** `qubit q[2]` and `bit c[2]` are how C and OpenQASM 2 would write it. */
function refuseSizeBehind(c: Cursor, type: string, start: number, name: Identifier): void {
  if (c.kind !== T.leftBracket) return;
  const open = c.start;
  parseDesignator(c);
  const { base, text } = c.file;
  const written = `${type}${text.slice(open - base, c.lastEnd - base)} ${name.name}`;
  const message = 'The size of a register stands behind its type, not behind its name.';
  c.report({ start, end: c.lastEnd }, 'syntax', message, `'${written}'`, written);
}

export function parseClassical(
  c: Cursor,
  modifier: ClassicalDeclaration['modifier'],
  from?: number,
): Statement {
  const start = from ?? c.start;
  const word = c.text;
  const type = modifier === 'const' ? parseScalarType(c) : parseType(c);
  const name = c.identifier('the name of the variable');
  if (type.kind === 'scalar-type' && !type.width) refuseSizeBehind(c, word, start, name);
  let value: ClassicalDeclaration['value'];
  if (modifier === 'const' && c.kind !== T.assign) c.fail("'=' and the value of the constant");
  if (modifier !== 'input' && modifier !== 'output' && c.accept(T.assign)) value = parseInitial(c);
  c.semicolon();
  return {
    kind: 'classical-declaration',
    start,
    end: c.lastEnd,
    modifier,
    keyword: 'type',
    type,
    name,
    value,
  };
}

function parseInitial(c: Cursor): Expression | ClassicalDeclaration['value'] {
  if (c.kind === K.measure) return parseMeasure(c);
  return c.kind === T.leftBrace ? parseArrayLiteral(c) : parseConcatenation(c);
}

/** `{{1, 2}, {3, 4}}`; a comma may follow the last element. */
function parseArrayLiteral(c: Cursor): ArrayLiteral {
  const { start } = c;
  c.next();
  c.enter();
  const elements: (Expression | ArrayLiteral)[] = [];
  while (c.kind !== T.rightBrace) {
    elements.push(c.kind === T.leftBrace ? parseArrayLiteral(c) : parseConcatenation(c));
    if (!c.accept(T.comma)) break;
  }
  c.leave();
  c.expect(T.rightBrace, "',' or '}'");
  return { kind: 'array-literal', start, end: c.lastEnd, elements };
}

export function parseConst(c: Cursor): Statement {
  const { start } = c;
  c.next();
  return parseClassical(c, 'const', start);
}

export function parseInputOutput(c: Cursor): Statement {
  const { start } = c;
  const modifier = c.kind === K.input ? 'input' : 'output';
  c.next();
  return parseClassical(c, modifier, start);
}

/** `let a = q[0:2] ++ r;` */
export function parseAlias(c: Cursor): Statement {
  const { start } = c;
  c.next();
  const name = c.identifier('the name of the alias');
  c.expect(T.assign, "'='");
  const value = parseConcatenation(c);
  c.semicolon();
  return { kind: 'alias-declaration', start, end: c.lastEnd, name, value };
}
