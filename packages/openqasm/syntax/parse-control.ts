import type { Block, Expression, For, Statement, SwitchCase } from './ast.ts';
import type { Cursor } from './cursor.ts';
import { K } from './keywords.ts';
import { parseBlock, parseBody } from './parse-block.ts';
import { parseExpression, parseIndexOrRange, parseSet, parseValue } from './parse-expression.ts';
import { parseExpressions } from './parse-list.ts';
import { parseScalarType } from './parse-type.ts';
import { T } from './token-kinds.ts';

/** `(condition)`. An `=` in it is told as the `==` that was meant. */
function parseCondition(c: Cursor): Expression {
  c.expect(T.leftParen, "'(' and a condition");
  const condition = parseExpression(c);
  if (c.kind === T.assign) {
    const message = "'=' assigns a value; a comparison is written '=='.";
    c.report(c.here(), 'syntax', message, "'=='", '==');
    c.next();
    parseExpression(c);
  }
  c.expect(T.rightParen, "')'");
  return condition;
}

export function parseIf(c: Cursor): Statement {
  const { start } = c;
  c.next();
  const condition = parseCondition(c);
  const body = parseBody(c);
  const otherwise = c.accept(K.else) ? parseBody(c) : undefined;
  // biome-ignore lint/suspicious/noThenProperty: the tree's word for the branch; no promise will meet it.
  return { kind: 'if', start, end: c.lastEnd, condition, then: body, else: otherwise };
}

export function parseWhile(c: Cursor): Statement {
  const { start } = c;
  c.next();
  const condition = parseCondition(c);
  const body = parseBody(c);
  return { kind: 'while', start, end: c.lastEnd, condition, body };
}

/** `for int i in [0:3] { }`, `in {1, 2}`, `in values` */
export function parseFor(c: Cursor): Statement {
  const { start } = c;
  c.next();
  if (c.kind === T.identifier && c.peek(1) === K.in) {
    c.fail('the type of the loop variable', `for int ${c.text} in`);
  }
  const type = parseScalarType(c);
  const variable = c.identifier('the name of the loop variable');
  c.expect(K.in, "'in'");
  const over = parseOver(c);
  const body = parseBody(c);
  return { kind: 'for', start, end: c.lastEnd, type, variable, over, body };
}

function parseOver(c: Cursor): For['over'] {
  if (c.kind === T.leftBrace) return parseSet(c);
  if (c.kind !== T.leftBracket) return parseExpression(c);
  c.next();
  const range = parseIndexOrRange(c);
  if (range.kind !== 'range') c.fail("':' and the end of the range");
  c.expect(T.rightBracket, "']'");
  return range;
}

export function parseSwitch(c: Cursor): Statement {
  const { start } = c;
  c.next();
  const subject = parseCondition(c);
  const open = c.here();
  c.expect(T.leftBrace, "'{' and the cases");
  const cases: SwitchCase[] = [];
  let otherwise: Block | undefined;
  while (c.kind === K.case || c.kind === K.default) {
    if (otherwise) c.fail("'}' after the default");
    if (c.kind === K.case) cases.push(parseCase(c));
    else {
      c.next();
      otherwise = parseBlock(c);
    }
  }
  if (c.kind === T.end) {
    c.report(open, 'syntax', "This '{' is never closed.", "a '}' for this '{'");
  } else {
    c.expect(T.rightBrace, "'case', 'default' or '}'");
  }
  return { kind: 'switch', start, end: c.lastEnd, subject, cases, default: otherwise };
}

function parseCase(c: Cursor): SwitchCase {
  const { start } = c;
  c.next();
  const values = parseExpressions(c, T.leftBrace);
  const body = parseBlock(c);
  return { start, end: c.lastEnd, values, body };
}

export function parseReturn(c: Cursor): Statement {
  const { start } = c;
  c.next();
  const value = c.kind === T.semicolon ? undefined : parseValue(c);
  c.semicolon();
  return { kind: 'return', start, end: c.lastEnd, value };
}
