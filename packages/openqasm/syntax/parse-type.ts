import type { ArrayTypeSyntax, Expression, QubitTypeSyntax, ScalarTypeSyntax, TypeSyntax } from './ast.ts';
import type { Cursor } from './cursor.ts';
import { isScalarType, K } from './keywords.ts';
import { parseExpressions } from './parse-list.ts';
import { T } from './token-kinds.ts';

export function parseType(c: Cursor): TypeSyntax {
  return c.kind === K.array ? parseArrayType(c) : parseScalarType(c);
}

export function parseScalarType(c: Cursor): ScalarTypeSyntax {
  if (!isScalarType(c.kind)) c.fail('a type such as int, float or bit[4]');
  const { start, kind } = c;
  const name = c.text as ScalarTypeSyntax['name'];
  c.next();
  let width: Expression | undefined;
  let part: ScalarTypeSyntax | undefined;
  const bracket = c.kind === T.leftBracket;
  if (bracket && kind === K.complex) part = parsePart(c);
  else if (bracket && kind !== K.bool && kind !== K.duration && kind !== K.stretch)
    width = parseDesignator(c);
  return { kind: 'scalar-type', start, end: c.lastEnd, name, width, part };
}

function parsePart(c: Cursor): ScalarTypeSyntax {
  c.next();
  if (c.kind !== K.float) c.fail("the type of the parts, such as 'float[64]'");
  const part = parseScalarType(c);
  c.expect(T.rightBracket, "']'");
  return part;
}

/** `[n]` */
export function parseDesignator(c: Cursor): Expression {
  c.expect(T.leftBracket, "'['");
  c.enter();
  const size = c.grammar.expression(c);
  c.leave();
  c.expect(T.rightBracket, "']'");
  return size;
}

export function parseOptionalDesignator(c: Cursor): Expression | undefined {
  return c.kind === T.leftBracket ? parseDesignator(c) : undefined;
}

/** `array[int[8], 2, 3]`; a parameter may say `#dim = 2` instead of its sizes. */
export function parseArrayType(c: Cursor): ArrayTypeSyntax {
  const { start } = c;
  c.next();
  c.expect(T.leftBracket, "'[' and the element type");
  const element = parseScalarType(c);
  c.expect(T.comma, "',' and the array's sizes");
  let sizes: readonly Expression[] = [];
  let dimensions: Expression | undefined;
  if (c.accept(T.dim)) {
    c.expect(T.assign, "'='");
    dimensions = c.grammar.expression(c);
  } else {
    sizes = parseExpressions(c, T.rightBracket);
  }
  c.expect(T.rightBracket, "',' or ']'");
  return { kind: 'array-type', start, end: c.lastEnd, element, sizes, dimensions };
}

export function parseQubitType(c: Cursor): QubitTypeSyntax {
  const { start } = c;
  c.next();
  const size = parseOptionalDesignator(c);
  return { kind: 'qubit-type', start, end: c.lastEnd, size };
}
