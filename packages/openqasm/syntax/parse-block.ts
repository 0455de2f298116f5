import type { Annotation, Block, Statement } from './ast.ts';
import type { Cursor } from './cursor.ts';
import { K, KEYWORDS_FROM } from './keywords.ts';
import { BROKEN } from './pass.ts';
import { T } from './token-kinds.ts';

/** `{ ... }`. A brace that is never closed is told where it opens. */
export function parseBlock(c: Cursor): Block {
  const { start, end } = c;
  c.expect(T.leftBrace, "'{'");
  const statements: Statement[] = [];
  parseStatements(c, (statement) => statements.push(statement));
  if (c.kind === T.end) {
    c.report({ start, end }, 'syntax', "This '{' is never closed.", "a '}' for this '{'");
  } else {
    c.next();
  }
  return { start, end: c.lastEnd, statements };
}

/** A block, or one statement that stands for a block of its own. */
export function parseBody(c: Cursor): Block {
  if (c.kind === T.leftBrace) return parseBlock(c);
  const { start } = c;
  if (++c.blocks > c.pass.limits.nesting) c.tooDeep('Statements nest');
  const statement = parseAnnotated(c);
  c.blocks--;
  return { start, end: c.lastEnd, statements: [statement] };
}

/** Statements up to the end of the block or text, which stays. Broken ones are told and left out. */
function parseStatements(c: Cursor, take: (statement: Statement) => void): void {
  if (++c.blocks > c.pass.limits.nesting) c.tooDeep('Blocks nest');
  while (c.kind !== T.end && c.kind !== T.rightBrace) {
    // Qiskit reads OpenQASM 2 with empty statements.
    if (c.version === 2 && c.accept(T.semicolon)) continue;
    const { index, blocks, expressions } = c;
    try {
      take(parseAnnotated(c));
    } catch (reason) {
      if (reason !== BROKEN) throw reason;
      c.blocks = blocks;
      c.expressions = expressions;
      skipBroken(c, index);
    }
  }
  c.blocks--;
}

function parseAnnotated(c: Cursor): Statement {
  if (c.kind !== T.annotation || c.version === 2) return c.grammar.statement(c);
  const annotations: Annotation[] = [];
  while (c.kind === T.annotation) {
    const text = c.text.trimEnd();
    const keyword = /^@[^\s]*/.exec(text)?.[0] ?? text;
    const rest = text.slice(keyword.length).trim();
    annotations.push({
      kind: 'annotation',
      start: c.start,
      end: c.end,
      keyword: keyword.slice(1),
      text: rest,
    });
    c.next();
  }
  if (c.kind === T.pragma || c.kind === T.end || c.kind === T.rightBrace)
    c.fail('a statement after the annotation');
  return { ...c.grammar.statement(c), annotations };
}

const WITH_BLOCK: readonly number[] = [K.if, K.while, K.gate, K.def, K.box];

/**
 * Goes on behind a broken statement: after its `;` or block, or before a `}` or a line that begins with a keyword. The block
 * of a statement with a wrong head is read for its own errors.
 */
function skipBroken(c: Cursor, first: number): void {
  const head = c.tokens.kinds[first] as number;
  let depth = openBraces(c, first);
  for (;;) {
    const { kind } = c;
    if (kind === T.end) return;
    if (depth === 0) {
      if (kind === T.rightBrace) return;
      if (kind === T.leftBrace && WITH_BLOCK.includes(head)) {
        parseBlock(c);
        if (c.accept(K.else)) continue;
        return;
      }
      if (kind >= KEYWORDS_FROM && c.index > first && c.onNewLine()) return;
    }
    c.next();
    if (kind === T.leftBrace) depth++;
    if (kind === T.semicolon && depth === 0) return;
    if (kind === T.rightBrace && --depth === 0 && c.kind !== K.else) {
      c.accept(T.semicolon);
      return;
    }
  }
}

/** How many braces the broken statement opened and did not close. */
function openBraces(c: Cursor, first: number): number {
  let depth = 0;
  for (let index = first; index < c.index; index++) {
    const kind = c.tokens.kinds[index];
    if (kind === T.leftBrace) depth++;
    else if (kind === T.rightBrace) depth--;
  }
  return Math.max(depth, 0);
}

/** All statements of a file, one by one; a `}` that closes nothing is told and passed over. */
export function readStatements(c: Cursor, take: (statement: Statement) => void): void {
  for (;;) {
    parseStatements(c, take);
    if (c.kind === T.end) return;
    c.report(
      c.here(),
      'syntax',
      "This '}' closes nothing.",
      "a statement or a '{' before it",
      "remove this '}'",
    );
    c.next();
  }
}
