import type { Expression } from './ast.ts';
import type { Cursor } from './cursor.ts';
import { T } from './token-kinds.ts';

/** One or more expressions up to a closing token, which stays. `c.height` is that of the highest. */
export function parseExpressions(c: Cursor, close: number): readonly Expression[] {
  const first = c.grammar.expression(c);
  if (c.kind !== T.comma) return [first];
  const list = [first];
  let height = c.height;
  while (c.accept(T.comma)) {
    if (c.kind === close) break;
    list.push(c.grammar.expression(c));
    height = Math.max(height, c.height);
  }
  c.height = height;
  return list;
}
