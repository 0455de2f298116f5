import type { ExternParameter, Identifier, Statement, SubroutineParameter, TypeSyntax } from './ast.ts';
import type { Cursor } from './cursor.ts';
import { K } from './keywords.ts';
import { parseBlock } from './parse-block.ts';
import {
  parseArrayType,
  parseOptionalDesignator,
  parseQubitType,
  parseScalarType,
  parseType,
} from './parse-type.ts';
import { T } from './token-kinds.ts';

/** `gate name(a, b) q, r { ... }` */
export function parseGate(c: Cursor): Statement {
  const { start } = c;
  c.next();
  const name = c.identifier('the name of the gate');
  const parameters = parseNamesInParens(c);
  const qubits = parseNames(c, T.leftBrace, 'the name of a qubit');
  const body = parseBlock(c);
  return { kind: 'gate-definition', start, end: c.lastEnd, name, parameters, qubits, body };
}

export function parseNamesInParens(c: Cursor): Identifier[] {
  if (!c.accept(T.leftParen)) return [];
  const names = c.kind === T.rightParen ? [] : parseNames(c, T.rightParen, 'the name of a parameter');
  c.expect(T.rightParen, "',' or ')'");
  return names;
}

export function parseNames(c: Cursor, close: number, expected: string): Identifier[] {
  const names = [c.identifier(expected)];
  while (c.accept(T.comma)) {
    if (c.kind === close) break;
    names.push(c.identifier(expected));
  }
  return names;
}

/** `def name(int[8] a, qubit[2] q, readonly array[int, 3] m) -> bit { ... }` */
export function parseDef(c: Cursor): Statement {
  const { start } = c;
  c.next();
  const name = c.identifier('the name of the subroutine');
  const parameters = parseList(c, parseParameter);
  const returns = parseReturns(c);
  const body = parseBlock(c);
  return { kind: 'subroutine-definition', start, end: c.lastEnd, name, parameters, returns, body };
}

/** `(item, item)`; a comma may follow the last one. */
export function parseList<Item>(c: Cursor, parseItem: (c: Cursor) => Item): Item[] {
  c.expect(T.leftParen, "'(' and the parameters");
  const list: Item[] = [];
  while (c.kind !== T.rightParen) {
    list.push(parseItem(c));
    if (!c.accept(T.comma)) break;
  }
  c.expect(T.rightParen, "',' or ')'");
  return list;
}

export function parseReturns(c: Cursor): TypeSyntax | undefined {
  return c.accept(T.arrow) ? parseScalarType(c) : undefined;
}

export function parseParameter(c: Cursor): SubroutineParameter {
  const { start, kind } = c;
  const expected = 'the name of the parameter';
  if (kind === K.creg || kind === K.qreg) {
    c.next();
    const name = c.identifier(expected);
    const size = parseOptionalDesignator(c);
    const end = c.lastEnd;
    const type =
      kind === K.qreg
        ? { kind: 'qubit-type' as const, start, end, size }
        : { kind: 'scalar-type' as const, start, end, name: 'bit' as const, width: size, part: undefined };
    return { kind: 'subroutine-parameter', start, end, access: undefined, type, name };
  }
  const access = parseAccess(c);
  const type = access ? parseArrayType(c) : c.kind === K.qubit ? parseQubitType(c) : parseParameterType(c);
  const name = c.identifier(expected);
  return { kind: 'subroutine-parameter', start, end: c.lastEnd, access, type, name };
}

/** Arrays are passed by reference: a plain `array[...]` doesn't say whether they may be changed. */
function parseParameterType(c: Cursor): TypeSyntax {
  if (c.kind === K.array) c.fail("'readonly' or 'mutable' before the array", 'readonly array[...]');
  return parseType(c);
}

function parseAccess(c: Cursor): 'readonly' | 'mutable' | undefined {
  const access = c.kind === K.readonly ? 'readonly' : c.kind === K.mutable ? 'mutable' : undefined;
  if (!access) return undefined;
  c.next();
  if (c.kind !== K.array) c.fail(`an array type after '${access}'`);
  return access;
}

export function parseExtern(c: Cursor): Statement {
  const { start } = c;
  c.next();
  const name = c.identifier('the name of the extern function');
  const parameters = parseList(c, parseExternParameter);
  const returns = parseReturns(c);
  c.semicolon();
  return { kind: 'extern', start, end: c.lastEnd, name, parameters, returns };
}

function parseExternParameter(c: Cursor): ExternParameter {
  const { start } = c;
  if (c.accept(K.creg)) {
    const width = parseOptionalDesignator(c);
    const end = c.lastEnd;
    const type: TypeSyntax = { kind: 'scalar-type', start, end, name: 'bit', width, part: undefined };
    return { kind: 'extern-parameter', start, end, access: undefined, type };
  }
  const access = parseAccess(c);
  const type = access ? parseArrayType(c) : parseParameterType(c);
  return { kind: 'extern-parameter', start, end: c.lastEnd, access, type };
}
