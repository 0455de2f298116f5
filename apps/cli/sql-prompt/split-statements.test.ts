import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { splitStatements } from './split-statements.ts';

/** Each of these is one statement, whatever semicolons are in it. */
const single = [
  'select 1;',
  "select ';', 'it''s;';",
  String.raw`select E'\';', e'a\\';`,
  'select ";" from "a""b;";',
  'do $$ begin perform 1; end $$;',
  'do $a$ select $$;$$; $a$;',
  'select a$b$c;',
  'select 1 -- no; end\n + 1;',
  'select /* a; /* nested; */ still; */ 1;',
  'create rule r as on insert to t do also (select 1; select 2);',
  'create function f() returns int begin atomic select 1; select case when true then 2 end; end;',
  '-- first;\ncreate or replace procedure p() begin atomic select 1; end;',
  'begin;',
  'select 1 as end;',
];

test('a statement ends at its own semicolon, not at one inside quotes, comments, parentheses or routine bodies', () => {
  for (const statement of single) {
    assert.deepEqual(splitStatements(statement), { statements: [statement], rest: '' });
  }
});

test('statements in a row are cut apart, in order, and what is unfinished is the rest', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...single)), (statements) => {
      const { statements: found, rest } = splitStatements(`${statements.join('\n')}\nselect 2`);
      assert.deepEqual(found, statements);
      assert.equal(rest.trim(), 'select 2');
    }),
  );
});

test('an unfinished quote, comment or parenthesis keeps everything in the rest', () => {
  for (const open of [
    "select 'a;",
    'select "a;',
    'do $$ a; ',
    'select /* a; ',
    'select (1; ',
    "select E'\\';",
  ]) {
    assert.deepEqual(splitStatements(open), { statements: [], rest: open });
  }
});

test('nothing between semicolons is no statement', () => {
  assert.deepEqual(splitStatements(';; ;').statements, []);
});
