import type { Statement } from './ast.ts';
import type { Cursor } from './cursor.ts';
import { T } from './token-kinds.ts';

export function parseInclude(c: Cursor): Statement {
  const { start } = c;
  c.next();
  const path = parsePath(c);
  c.semicolon();
  if (c.blocks > 1) {
    const at = { start, end: c.lastEnd };
    const expected = 'an include outside of all blocks';
    c.report(at, 'scope', 'Files are included at the top of the program, not inside of a block.', expected);
  }
  return { kind: 'include', start, end: c.lastEnd, path };
}

/** A string between quotes, without them. */
export function parsePath(c: Cursor): string {
  const { text } = c;
  c.expect(T.string, 'a file name between quotes');
  // The lexer told of a string that is not closed.
  if (text.length < 2 || !text.endsWith(text[0] as string)) c.failReported();
  return text.slice(1, -1);
}
