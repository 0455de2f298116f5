/** Questions to a statement's tokens. Only plain words count: a quoted name is never a keyword. */
import type { SqlToken } from '../sql-tokens.ts';

/** Whether the words stand next to each other, beginning at `at`; `*` is any one token. */
export function wordsAt(tokens: readonly SqlToken[], at: number, words: string): boolean {
  return words.split(' ').every((word, index) => {
    const token = tokens[at + index];
    return (
      token !== undefined &&
      (word === '*' || (token.kind !== 'name' && token.kind !== 'string' && token.text === word))
    );
  });
}

/** Where the words stand next to each other. */
export function placesOf(tokens: readonly SqlToken[], words: string): number[] {
  return [...tokens.keys()].filter((at) => wordsAt(tokens, at, words));
}

export function hasWords(tokens: readonly SqlToken[], ...anyOf: readonly string[]): boolean {
  return anyOf.some((words) => placesOf(tokens, words).length > 0);
}

/** The tokens from `at` to the end of the part that they stand in: a parenthesis closed, or a comma or semicolon of that depth. */
export function partFrom(tokens: readonly SqlToken[], at: number, ends = [',', ';']): SqlToken[] {
  const part: SqlToken[] = [];
  let depth = 0;
  for (const token of tokens.slice(at)) {
    if (token.kind === 'symbol') {
      if (depth === 0 && (token.text === ')' || ends.includes(token.text))) break;
      depth += token.text === '(' ? 1 : token.text === ')' ? -1 : 0;
    }
    part.push(token);
  }
  return part;
}

/** The same without what stands in parentheses. */
export function outside(tokens: readonly SqlToken[]): SqlToken[] {
  let depth = 0;
  return tokens.filter((token) => {
    if (token.kind !== 'symbol') return depth === 0;
    if (token.text === ')') depth -= 1;
    const shown = depth === 0;
    if (token.text === '(') depth += 1;
    return shown;
  });
}

/** `schema.table`, `"schema"."table"` or `table`, beginning at `at`, behind `if (not) exists` and `only`. */
export function nameAt(tokens: readonly SqlToken[], at: number): string {
  let next = at;
  while (['if', 'not', 'exists', 'only'].includes(tokens[next]?.text ?? '') && tokens[next]?.kind === 'word')
    next += 1;
  const parts = [tokens[next]?.text ?? ''];
  for (next += 1; wordsAt(tokens, next, '.'); next += 2) parts.push(tokens[next + 1]?.text ?? '');
  return parts.join('.');
}
