/** Guarantee: a migration is cut into its statements where PostgreSQL cuts it, and what is quoted or commented is no code. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readMigrations } from './files.ts';
import { splitSql, sqlTokens } from './sql-tokens.ts';

const cut = (text: string) => splitSql(text).map((statement) => statement.text);
const words = (text: string) => sqlTokens(text).map((token) => `${token.kind}:${token.text}`);

describe('statements', () => {
  const cases: [string, string, string[]][] = [
    ['semicolons', 'select 1; select 2;', ['select 1', 'select 2']],
    ['a last one without a semicolon', 'select 1;\nselect 2', ['select 1', 'select 2']],
    ['nothing', ' -- only this\n/* and this; */ ;;', []],
    ['strings', "select ';', 'it''s;'; select 2", ["select ';', 'it''s;'", 'select 2']],
    ['escaped strings', String.raw`select e'\';'; select 2`, [String.raw`select e'\';'`, 'select 2']],
    ['a backslash in a plain string', String.raw`select '\'; select 2`, [String.raw`select '\'`, 'select 2']],
    ['quoted names', 'select "a;""b"; select 2', ['select "a;""b"', 'select 2']],
    ['dollar quotes', 'do $$ a; b $$; do $x$ $$;$$ $x$', ['do $$ a; b $$', 'do $x$ $$;$$ $x$']],
    [
      'nested comments',
      'select 1 /* a; /* b; */ c; */ + 1; select 2',
      ['select 1 /* a; /* b; */ c; */ + 1', 'select 2'],
    ],
    [
      'rules in parentheses',
      'create rule r as on insert to t do (select 1; select 2); select 3',
      ['create rule r as on insert to t do (select 1; select 2)', 'select 3'],
    ],
    [
      'SQL-standard bodies',
      'create function f() returns int begin atomic select case when true then 1 end; select 2; end; select 3',
      [
        'create function f() returns int begin atomic select case when true then 1 end; select 2; end',
        'select 3',
      ],
    ],
    ['transactions', 'begin; select 1; end; select 2', ['begin', 'select 1', 'end', 'select 2']],
    ['a dollar inside a name', 'select a$b$c; select 2', ['select a$b$c', 'select 2']],
    ['text left open', "select 'a; b", ["select 'a; b"]],
  ];
  for (const [what, text, expected] of cases) it(`${what}`, () => assert.deepEqual(cut(text), expected));

  it('know their line and place, comments before them left out', () => {
    const text = '-- first\n\n/* a\nb */ select 1;\n\n  select\n 2;';
    assert.deepEqual(
      splitSql(text).map(({ line, start }) => [line, text.slice(start, start + 6)]),
      [
        [4, 'select'],
        [6, 'select'],
      ],
    );
  });

  it('of the real migrations, put together again, are all of their code', () => {
    for (const { up, down } of readMigrations()) {
      for (const text of [up, down]) {
        const again = splitSql(text)
          .map((statement) => `${statement.text};`)
          .join('\n');
        assert.deepEqual(words(again), words(text));
        assert.ok(splitSql(text).length > 0);
      }
    }
  });
});

describe('tokens', () => {
  it('tell words from quoted names, strings, numbers and signs', () => {
    assert.deepEqual(words(`SELECT "Select", 'x''y', E'a\\'b', $t$ "q" $t$, 1.5e3 -- no\n`), [
      'word:select',
      'name:Select',
      'symbol:,',
      "string:x'y",
      'symbol:,',
      "string:a\\'b",
      'symbol:,',
      'string: "q" ',
      'symbol:,',
      'number:1.5e3',
    ]);
  });
});
