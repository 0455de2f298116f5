import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parse } from './parse.ts';
import { places } from './test-errors.ts';
import { corpus } from './test-trees.ts';

/** A statement of OpenQASM 3 on line 2, and its errors. */
const STATEMENTS: readonly (readonly [statement: string, ...errors: string[]])[] = [
  ['h q[0] cx q[0], q[1];', '2:6+1 syntax'],
  ['h q[0]', '2:6+1 syntax'],
  ['h q[0', '2:5+1 syntax'],
  ['h q[0];;', '2:8+1 syntax'],
  ['x q[0]) ;', '2:7+1 syntax'],
  ['x@x;', '2:2+1 syntax'],
  ['f(1, 2;', '2:7+1 syntax'],
  ['a = b +;', '2:8+1 syntax'],
  ['a = 1 + * 2;', '2:9+1 syntax'],
  ['1 = a;', '2:3+1 syntax'],
  ['f(a) = 1;', '2:1+4 syntax'],
  ['let a = ;', '2:9+1 syntax'],
  ['else { }', '2:1+4 syntax'],
  ['{ x q;', '2:1+1 syntax'],
  ['gate g q { x q;', '2:10+1 syntax'],
  ['switch (a) { case 1 { }', '2:12+1 syntax'],
  ['cal { {', '2:5+1 syntax'],
  ['cal ;', '2:5+1 syntax'],
  ['defcal x $0;', '2:12+1 syntax'],
  ['defcal {}', '2:8+1 syntax'],
  ['defcalgrammar 3;', '2:15+1 syntax'],
  ['if true x $0;', '2:4+4 syntax'],
  ['if (c = 1) x q;', '2:7+1 syntax'],
  ['if (true);', '2:10+1 syntax'],
  ['if (true) else x $0;', '2:11+4 syntax'],
  ['if (reset $0) { x $1; }', '2:5+5 syntax'],
  ['for i in [0:3] { x q; }', '2:5+1 syntax'],
  ['for int i in [3] { x q; }', '2:16+1 syntax'],
  ['while (true) (true) { x $0; }', '2:21+1 syntax'],
  ['switch () {}', '2:9+1 syntax'],
  ['switch (i) { x $0 }', '2:14+1 syntax'],
  ['switch (i) { case {} }', '2:19+1 syntax'],
  ['switch (i) { default {} case 1 {} }', '2:25+4 syntax'],
  ['measure $0, $1;', '2:11+1 syntax'],
  ['measure $0 -> bit[1] a;', '2:15+3 syntax'],
  ['const a = 8.0;', '2:7+1 syntax'],
  ['const int a;', '2:12+1 syntax'],
  ['input int[8] a = 32;', '2:16+1 syntax'],
  ['int[8, 8] a;', '2:6+1 syntax'],
  ['bool[4] a;', '2:5+1 syntax'],
  ['complex[32] a;', '2:9+2 syntax'],
  ['int[8] int;', '2:8+3 syntax'],
  ['int[8] a, b;', '2:9+1 syntax'],
  ['array[int] a;', '2:10+1 syntax'],
  ['int(1, 2);', '2:4+6 arity'],
  ['def f(array[int, 2] a) {}', '2:7+5 syntax'],
  ['def f(readonly int a) {}', '2:16+3 syntax'],
  ['pow @ x $0;', '2:5+1 syntax'],
  ['pow(2, 3) @ x $0;', '2:4+6 arity'],
  ['inv(1) @ x $0;', '2:4+1 syntax'],
  ['ctrl x q;', '2:6+1 syntax'],
  ['include 3;', '2:9+1 syntax'],
  ['include "hello;', '2:9+7 syntax'],
  ['"abc";', '2:1+5 syntax'],
  ['"01', '2:1+3 syntax'],
  ['@note', '2:5+1 syntax'],
  ['3x;', '2:1+2 syntax'],
  ['3__4;', '2:1+4 syntax'],
  ['3_;', '2:1+2 syntax'],
  ['0b123;', '2:1+5 syntax'],
  ['0x;', '2:1+2 syntax'],
  ['1.5e3e3;', '2:1+7 syntax'],
  ['a = $;', '2:5+1 syntax', '2:6+1 syntax'],
  ['$99999999999 = 1;', '2:1+12 limit'],
  [`a = ${'9'.repeat(5000)};`, '2:5+5000 limit'],
  ['\u0000\u0001\u0002 x q;', '2:1+3 syntax'],
  ['x q; /* never', '2:6+2 syntax'],
  ['OPENQASM 3.0;', '2:1+8 version'],
  ['opaque g a;', '2:1+6 version'],
  ['include "a.inc";', '2:1+16 include'],
  ['}', '2:1+1 syntax'],
];

test('each mistake is told once, at its place', () => {
  for (const [statement, ...expected] of STATEMENTS) {
    assert.deepEqual(places(`OPENQASM 3.0;\n${statement}`), expected, statement);
  }
});

test('a mistake does not hide or make others', () => {
  const source =
    'OPENQASM 3.0;\nh q[0\nx q;\nint = 3;\nif (a b) { y +; }\nfor i in {1} { z q; }\nqubit[2] r;\nx r[;\n}';
  assert.deepEqual(places(source), [
    '3:1+1 syntax',
    '4:5+1 syntax',
    '5:7+1 syntax',
    '5:15+1 syntax',
    '6:5+1 syntax',
    '8:5+1 syntax',
    '9:1+1 syntax',
  ]);
});

test('a misspelt or misplaced word is answered with the one that was meant', () => {
  const cases: readonly (readonly [string, string])[] = [
    ['itn x = 3;', 'int'],
    ['mesure q -> c;', 'measure'],
    ['inculde "stdgates.inc";', 'include'],
    ['gat foo q { }', 'gate'],
    ['qbit[2] q;', 'qubit'],
    ['qubit q[2];', 'qubit[2] q'],
    ['bit c[4] = 1;', 'bit[4] c'],
    ['if (c = 1) x q;', '=='],
    ['for i in [0:1] {}', 'for int i in'],
    ['include "stdgate.inc";', 'stdgates.inc'],
  ];
  for (const [statement, suggestion] of cases) {
    const { errors } = parse(`OPENQASM 3.0;\n${statement}`);
    assert.deepEqual(
      errors.map((error) => error.suggestion),
      [suggestion],
      statement,
    );
  }
});

test('a missing semicolon keeps both statements', () => {
  const { tree, errors } = parse('OPENQASM 3.0;\nqubit q\nx q;');
  assert.deepEqual(
    tree.statements.map(({ kind }) => kind),
    ['quantum-declaration', 'gate-call'],
  );
  assert.deepEqual(
    errors.map(({ expected }) => expected),
    ["';'"],
  );
});

test('what is not read, not text or not there is one error', () => {
  assert.deepEqual(places('OPENQASM 4.2;\nqubit q q;'), ['1:10+3 version']);
  assert.deepEqual(places('OPENQASM int;'), ['1:10+3 version']);
  assert.deepEqual(places('OPENQASM 3.0\nqubit q;'), ['1:12+1 syntax']);
  assert.deepEqual(places(''), ['1:1+0 empty']);
  assert.deepEqual(places(' \n// nothing\n'), ['1:1+1 empty']);
  assert.deepEqual(places(Uint8Array.from([0x80])), ['1:1+1 encoding']);
});

test('at most fifty errors are told', () => {
  assert.equal(parse(`OPENQASM 3.0;\n${'x +;\n'.repeat(1000)}`).errors.length, 50);
});

test('the syntactic part of the corpus of wrong programs is refused at its lines', () => {
  const syntactic: Readonly<Record<string, string>> = {
    'binary_garbage.qasm': '1:1+1 encoding',
    'empty.qasm': '1:1+0 empty',
    'extra_brace.qasm': '10:1+1 syntax',
    'missing_semicolon.qasm': '5:6+1 syntax',
    'path_traversal_include.qasm': '2:1+39 include',
    'unknown_include.qasm': '3:1+22 include',
    'wrong_version.qasm': '1:10+3 version',
  };
  for (const [name, bytes] of corpus('invalid')) {
    const expected = syntactic[name];
    assert.deepEqual(places(bytes), expected ? [expected] : [], name);
  }
});
