/** Guarantee: what is quoted or commented is no code, as PostgreSQL sees it. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { sqlTokens } from './sql-tokens.ts';

const words = (text: string) => sqlTokens(text).map((token) => `${token.kind}:${token.text}`);

describe('tokens', () => {
  const cases: [string, string, string[]][] = [
    ['words in lower case, quoted names as they are', 'SELECT "Sel""ect"', ['word:select', 'name:Sel"ect']],
    ['strings without their quotes', "'x''y' B'01'", ["string:x'y", 'string:01']],
    [
      'a quote behind a backslash only in an escaped string',
      "E'a\\'b' 'c\\'",
      ["string:a\\'b", 'string:c\\'],
    ],
    ['dollar quotes, each to its own end', '$a$ "q" $$ ; $a$ x', ['string: "q" $$ ; ', 'word:x']],
    ['no dollar quote inside a name', 'a$b$c', ['word:a$b$c']],
    ['numbers', '1.5e-3,2', ['number:1.5e-3', 'symbol:,', 'number:2']],
    ['no comments, nested ones too', 'a -- b\n/* c /* d */ e */ f', ['word:a', 'word:f']],
    ['what is left open, to the end', "a 'b", ['word:a', 'string:b']],
  ];
  for (const [what, text, expected] of cases) it(what, () => assert.deepEqual(words(text), expected));

  it('know where they stand', () => {
    const text = '-- x\nselect $$a$$';
    assert.deepEqual(
      sqlTokens(text).map(({ start, end }) => text.slice(start, end)),
      ['select', '$$a$$'],
    );
  });
});
