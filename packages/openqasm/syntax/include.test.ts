import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parse } from './parse.ts';
import { places } from './test-errors.ts';

const HEAD = 'OPENQASM 3.0;\n';

test("the language's own files stay nodes of the tree", () => {
  const { tree, errors } = parse(`${HEAD}include "stdgates.inc";\ninclude 'qelib1.inc';`);
  assert.deepEqual(errors, []);
  assert.deepEqual(
    tree.statements.map((s) => s.kind === 'include' && s.path),
    ['stdgates.inc', 'qelib1.inc'],
  );
});

test('a given file stands in place of its include, with its own positions', () => {
  const includes = { 'a.inc': 'include "b.inc";\nint a;', 'b.inc': 'OPENQASM 3.0;\nint b;\n\nint b +;' };
  const { tree } = parse(`${HEAD}include "a.inc";\nint c;`, { includes });
  const names = tree.statements.map((s) => s.kind === 'classical-declaration' && s.name.name);
  assert.deepEqual(names, ['b', 'a', 'c']);
  assert.deepEqual(places(`${HEAD}include "a.inc";`, { includes }), ['b.inc 4:7+1 syntax']);
});

test('spans tell the file', () => {
  const { tree, source } = parse(`${HEAD}include "a.inc";`, { includes: { 'a.inc': '\n  x q;' } });
  assert.deepEqual(source.locate(tree.statements[0] as { start: number; end: number }), {
    line: 2,
    column: 3,
    length: 4,
    file: 'a.inc',
  });
});

test('a file that was not given is one error, which shows nothing of any file', () => {
  for (const path of ['/etc/passwd', '../secret', '__proto__', 'constructor', 'https://example.org/a.inc']) {
    const { errors } = parse(`${HEAD}include "${path}";`, { includes: { 'a.inc': 'int a;' } });
    assert.equal(errors.length, 1);
    assert.deepEqual([errors[0]?.code, errors[0]?.line], ['include', 2]);
    assert.equal(errors[0]?.message, `The file "${path}" was not given with the program.`);
  }
});

test('a file that includes itself is told at that line', () => {
  const includes = { 'a.inc': '\ninclude "b.inc";', 'b.inc': 'include "a.inc";' };
  assert.deepEqual(places(`${HEAD}include "a.inc";`, { includes }), ['b.inc 1:1+16 include']);
});

test('files that double and double end at the limit', () => {
  const includes = Object.fromEntries(
    Array.from({ length: 15 }, (_, i) => [`${i}`, `include "${i + 1}";`.repeat(8)]).concat([
      ['15', 'int a;'],
    ]),
  );
  const [place] = places(`${HEAD}include "0";`, { includes, limits: { bytes: 200_000 } });
  assert.match(place ?? '', / limit$/);
});

test('a file of the other language is refused', () => {
  const includes = { 'old.inc': 'OPENQASM 2.0;\nqreg q[2];' };
  assert.deepEqual(places(`${HEAD}include "old.inc";`, { includes }), ['old.inc 1:1+8 version']);
});

test('OpenQASM 2 takes gates of a given file', () => {
  const includes = { 'mine.inc': 'gate box a { U(0,0,0) a; }' };
  assert.deepEqual(places('OPENQASM 2.0;\ninclude "mine.inc";\nqreg q[1];\nbox q[0];', { includes }), []);
});
