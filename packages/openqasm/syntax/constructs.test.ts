import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Expression, Statement } from './ast.ts';
import { print } from './print.ts';
import { treeOf } from './test-trees.ts';

const HEAD = 'OPENQASM 3.1;\n';

/** Kind of the statement, a text of it, and its canonical text where that differs. */
const STATEMENTS: readonly (readonly [Statement['kind'], string, string?])[] = [
  ['include', 'include "stdgates.inc";'],
  ['pragma', 'pragma a  b ', 'pragma a  b'],
  ['pragma', '#pragma a', 'pragma a'],
  ['quantum-declaration', 'qubit[2*n] q;', 'qubit[2 * n] q;'],
  ['quantum-declaration', 'qubit q;'],
  ['quantum-declaration', 'qreg q[2];'],
  ['classical-declaration', 'creg c[2];'],
  ['classical-declaration', 'creg c;'],
  ['classical-declaration', 'bit[4] b="01_01";', 'bit[4] b = "0101";'],
  ['classical-declaration', 'bit b = measure q[0];'],
  ['classical-declaration', 'const uint[8] n = 0XfF;', 'const uint[8] n = 0xff;'],
  ['classical-declaration', 'input angle[20] θ;'],
  ['classical-declaration', 'output array[int[8], 2] r;'],
  ['classical-declaration', 'complex[float[32]] z = 1.5 + 2 im;', 'complex[float[32]] z = 1.5 + 2im;'],
  ['classical-declaration', 'duration d = 2.5 µs;', 'duration d = 2.5us;'],
  ['classical-declaration', 'stretch g;'],
  ['classical-declaration', 'bool b = !true && false;'],
  [
    'classical-declaration',
    'array[int, 2, 2] m = {{1, 2,}, {3, -4}};',
    'array[int, 2, 2] m = {{1, 2}, {3, -4}};',
  ],
  ['classical-declaration', 'array[int, 4] m = a ++ b;'],
  ['alias-declaration', 'let a = q[0:2] ++ r[{0, 1}] ++ $3;'],
  ['gate-definition', 'gate g(a,b,) q,r {}', 'gate g(a, b) q, r {}'],
  ['gate-definition', 'gate g() q { U(0, 0, π) q; }', 'gate g q {\n  U(0, 0, π) q;\n}'],
  ['subroutine-definition', 'def f() {}'],
  ['subroutine-definition', 'def f(int[8] a, qubit[2] q, bit c) -> bit[2] {\n  return measure q;\n}'],
  ['subroutine-definition', 'def f(creg c[2], qreg q) {}', 'def f(bit[2] c, qubit q) {}'],
  [
    'subroutine-definition',
    'def f(readonly array[int, 2] a, mutable array[bit[2], #dim=2] b) {\n  return;\n}',
  ],
  ['extern', 'extern f(int, mutable array[float, 3]) -> uint[4];'],
  ['gate-call', 'x q;'],
  ['gate-call', 'u3(a, -b, 2 * pi / 3) q[i + 1], $0, r[0:-1];'],
  ['gate-call', 'ctrl(2) @ negctrl @ inv @ pow(1 / 2) @ x q, r, s;'],
  ['gate-call', 'gphase(-pi / 4);'],
  ['gate-call', 'ctrl @ gphase(a) q;'],
  ['gate-call', 'rx(1)[100ns] q;'],
  ['gate-call', 'x[2dt] q;'],
  ['measurement', 'measure q -> c[0:1];'],
  ['measurement', 'measure q;'],
  ['assignment', 'c[0] = measure $1;'],
  ['assignment', 'a[1, 2] **= b;'],
  ['assignment', 'a = f(b)[2];'],
  ['reset', 'reset q[{0, 2}];'],
  ['barrier', 'barrier;'],
  ['barrier', 'barrier q, r[1];'],
  ['nop', 'nop q;'],
  ['delay', 'delay[a + 1ns] q, r;'],
  ['delay', 'delay[2s];'],
  ['box', 'box {\n  x q;\n}'],
  ['box', 'box[maxdur] {}'],
  ['if', 'if (a == b) x q; else y q;', 'if (a == b) {\n  x q;\n} else {\n  y q;\n}'],
  ['if', 'if (a) {} else if (b) {\n  x q;\n} else {}'],
  ['for', 'for int[8] i in [0:2:n] x q[i];', 'for int[8] i in [0:2:n] {\n  x q[i];\n}'],
  ['for', 'for uint i in {1, 2, n} {}'],
  ['for', 'for bit b in c {}'],
  ['while', 'while (i < 5) {\n  i += 1;\n  break;\n  continue;\n}'],
  ['switch', 'switch (i) {\n  case 1, 2 {\n    x q;\n  }\n  default {}\n}'],
  ['end', 'end;'],
  ['expression-statement', 'f(a, b);'],
  ['expression-statement', 'int[8](a) + 1;'],
  ['calibration-grammar', 'defcalgrammar "openpulse";'],
  ['cal', 'cal { play(a, {b}); }'],
  ['defcal', 'defcal  rz(angle[20] t)\n $0 -> bit { raw }', 'defcal rz(angle[20] t) $0 -> bit { raw }'],
  ['scope', '{\n  x q;\n}'],
  ['assignment', '@a.b note\nc = 1;'],
  ['classical-declaration', 'duration d = durationof({ x $0; });'],
];

test('every statement of OpenQASM 3 is read as its kind and printed in its canonical form', () => {
  for (const [kind, text, canonical] of STATEMENTS) {
    const tree = treeOf(HEAD + text);
    assert.deepEqual(
      tree.statements.map((s) => s.kind),
      [kind],
      text,
    );
    assert.equal(print(tree), `${HEAD}${canonical ?? text}\n`);
  }
});

test('a statement spans its first to its last character', () => {
  for (const [kind, text] of STATEMENTS) {
    const [statement] = treeOf(HEAD + text).statements;
    assert.ok(statement);
    const start = statement.annotations ? text.indexOf('\n') + 1 : 0;
    const found = (HEAD + text).slice(statement.start, statement.end);
    assert.equal(kind === 'pragma' ? found.trim() : found, text.slice(start).trim());
  }
});

/** The expression with all its operators bracketed. */
function bracketed(e: Expression): string {
  if (e.kind === 'binary') return `(${bracketed(e.left)}${e.operator}${bracketed(e.right)})`;
  if (e.kind === 'unary') return `(${e.operator}${bracketed(e.operand)})`;
  if (e.kind === 'index') return `(${bracketed(e.of)}[])`;
  if (e.kind === 'parenthesized') return bracketed(e.expression);
  return e.kind === 'identifier' ? e.name : e.kind === 'integer' ? String(e.value) : e.kind;
}

test('operators bind as the specification orders them', () => {
  const cases: readonly (readonly [string, string])[] = [
    [
      'a || b && c | d ^ e & f == g < h << i + j * k ** l',
      '(a||(b&&(c|(d^(e&(f==(g<(h<<(i+(j*(k**l)))))))))))',
    ],
    [
      'a ** b * c + d >> e >= f != g & h ^ i | j && k || l',
      '(((((((((((a**b)*c)+d)>>e)>=f)!=g)&h)^i)|j)&&k)||l)',
    ],
    ['a - b - c', '((a-b)-c)'],
    ['a / b * c % d', '(((a/b)*c)%d)'],
    ['a ** b ** c', '(a**(b**c))'],
    ['-a ** b', '(-(a**b))'],
    ['a ** -b ** c', '(a**(-(b**c)))'],
    ['-a * !b + ~c[0]', '(((-a)*(!b))+(~(c[])))'],
    ['(a + b) * c', '((a+b)*c)'],
  ];
  for (const [text, expected] of cases) {
    const [statement] = treeOf(`${HEAD}v = ${text};`).statements;
    assert.ok(statement?.kind === 'assignment' && statement.value.kind !== 'measure-expression');
    assert.equal(bracketed(statement.value), expected, text);
  }
});

test('literals have their values', () => {
  const value = (text: string): unknown => {
    const [statement] = treeOf(`${HEAD}v = ${text};`).statements;
    assert.ok(statement?.kind === 'assignment');
    const { start: _, end: __, kind: ___, ...rest } = statement.value;
    return rest;
  };
  assert.deepEqual(value('0b1_01'), { value: 5n, base: 2 });
  assert.deepEqual(value('123_456_789_012_345_678_901'), { value: 123456789012345678901n, base: 10 });
  assert.deepEqual(value('1_0.5e1'), { value: 105, text: '10.5e1' });
  assert.deepEqual(value('1.5 im'), { value: 1.5, text: '1.5im' });
  assert.deepEqual(value('2.50µs'), { value: 2.5, unit: 'us', text: '2.50us' });
  assert.deepEqual(value('"1_00"'), { bits: '100' });
  assert.deepEqual(value('$12'), { number: 12 });
});
