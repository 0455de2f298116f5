/** Guarantee: a migration falls into the statements that PostgreSQL sees, each with its line; values are not shown. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { completeStatements, splitStatements, UnfinishedSql, withoutValues } from './statements.ts';

const texts = (sql: string) => splitStatements(sql).map(({ text }) => text);

describe('splitStatements', () => {
  for (const whole of [
    `select 'a;b', "c;d", E'it\\'s; ''x', $$ ; $$, $tag$ ; $$ ; $tag$`,
    'select 1 /* ; /* ; */ ; */ + 2',
    `select 1 -- not; here\n + 2`,
    'create rule r as on insert to t do also (delete from a; delete from b)',
    'create function f() returns int begin atomic select case when true then 1 end; select 2; end',
    `create procedure p() language plpgsql as $body$ begin perform 1; end; $body$`,
    `select a$b$c from t where d = 'x'`,
    `select U&'d\\0061t;a', B'1;0'`,
  ]) {
    it(`keeps together: ${whole.slice(0, 50)}`, () => {
      assert.deepEqual(texts(`${whole};\nselect 3`), [whole, 'select 3']);
    });
  }

  it('leaves out comments between statements and empty statements', () => {
    assert.deepEqual(texts('-- a header; here\n\n;;/* x; */ select 1 ; ; -- end\n'), ['select 1']);
    assert.deepEqual(texts(' \n-- nothing\n'), []);
  });

  it('knows the line and the place of each statement', () => {
    const sql = '-- header\n\nselect 1;\n/* two\nlines */ select\n 2;';
    const [first, second] = splitStatements(sql);
    assert.deepEqual([first?.line, second?.line], [3, 5]);
    assert.equal(sql.slice(second?.offset), 'select\n 2;');
  });

  for (const open of [`'it`, `"name`, `$x$ body $$`, '/* /* */', `E'\\'`, '(1', `e'a\\';`]) {
    it(`says on which line something has no end: ${open}`, () => {
      assert.throws(
        () => splitStatements(`select 1;\nselect ${open}`),
        (error: UnfinishedSql) => error instanceof UnfinishedSql && error.line === 2,
      );
    });
  }
});

/** Each of these is one statement, whatever semicolons are in it. */
const single = [
  'select 1',
  "select ';', 'it''s;'",
  String.raw`select E'\';', e'a\\;'`,
  'select ";" from "a""b;"',
  'do $$ begin perform 1; end $$',
  'do $a$ select $$;$$; $a$',
  'select a$b$c',
  'select 1 -- no; end\n + 1',
  'select /* a; /* nested; */ still; */ 1',
  'create rule r as on insert to t do also (select 1; select 2)',
  'create function f() returns int begin atomic select 1; select case when true then 2 end; end',
  'create or replace procedure p() begin atomic select 1; end',
  'begin',
  'select 1 as end',
];

describe('completeStatements', () => {
  it('gives what a semicolon ends, in order, and keeps the rest', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...single)), (statements) => {
        const typed = statements.map((statement) => `-- first;\n${statement};`).join('\n');
        const { statements: found, rest } = completeStatements(`${typed}\nselect 2`);
        assert.deepEqual(found, statements);
        assert.equal(rest.trim(), 'select 2');
      }),
    );
  });

  it('keeps an open quote, comment or parenthesis in the rest, and overlooks empty statements', () => {
    for (const open of [
      "select 'a;",
      'select "a;',
      'do $$ a; ',
      'select /* a; ',
      'select (1; ',
      "select E'\\';",
    ]) {
      assert.deepEqual(completeStatements(open), { statements: [], rest: open });
    }
    assert.deepEqual(completeStatements(';; ;').statements, []);
  });
});

describe('withoutValues', () => {
  it('puts ? for every value, on one line', () => {
    const sql = `select *\n from "t1" where a1 = 'se''cret' and b = 42 and c = $$secret$$ -- secret\n and d = E'\\'secret' /* secret */ limit $1`;
    assert.equal(
      withoutValues(sql),
      'select * from "t1" where a1 = ? and b = ? and c = ? and d = ? limit $1',
    );
  });

  it('cuts what is long, and a quote that was cut off by the server', () => {
    assert.equal(withoutValues(`select '${'x'.repeat(500)}`), 'select ?');
    assert.equal(withoutValues(`select ${'a, '.repeat(100)}`).length, 160);
  });
});
