import assert from 'node:assert/strict';
import test from 'node:test';
import { HEAD, outcomeOf } from './test-outcome.ts';

/** Title, program (`stdgates.inc` is included), registers at its end: the last declared one left-most, bit 0 right-most. */
const CASES: readonly (readonly [title: string, program: string, outcome: string])[] = [
  ['empty range', 'int s = 0; for int i in [1:0] { s += 1; } bit[4] r = bit[4](int[4](s));', '0000'],
  ['range incl', 'int[8] s = 0; for uint i in [0:2:5] { s += 1; } bit[8] r = bit[8](s);', '00000011'],
  ['for set', 'int[8] s = 0; for int i in {1, 5, 10} { s += i; } bit[8] r = bit[8](s);', '00010000'],
  [
    'for arr',
    'array[int[8], 3] a = {1,2,3}; int[8] s = 0; for int[8] i in a { s += i; } bit[8] r = bit[8](s);',
    '00000110',
  ],
  [
    'switch',
    'int i = 5; bit[2] r; switch (i) { case 1, 5 { r = "01"; } case 2 { r = "10"; } default { r = "11"; } }',
    '01',
  ],
  ['switch const label', 'const int A = 3; int i = 3; bit r; switch (i) { case A { r = 1; } }', '1'],
  ['switch nomatch', 'int i = 9; bit r; switch (i) { case 1 { r = 1; } }', '0'],
  ['end', 'bit r; r = 1; end; r = 0;', '1'],
  ['end in def', 'bit r; def f() { end; } r = 1; f(); r = 0;', '1'],
  [
    'def qubit reg',
    'def f(qubit[2] a) -> bit { x a[1]; return measure a[1]; } qubit[3] q; bit r = f(q[1:2]); bit[3] c = measure q;',
    '100 1',
  ],
  [
    'nested def',
    'def g(qubit a) { x a; } def f(qubit[2] a) { g(a[0]); g(a[1]); } qubit[2] q; f(q); bit[2] c = measure q;',
    '11',
  ],
  [
    'array ref',
    'def f(mutable array[int[8], 3] a) { a[0] = 7; } array[int[8],3] z = {1,2,3}; f(z); bit[8] r = bit[8](z[0]);',
    '00000111',
  ],
  [
    'array ref dim',
    'def f(mutable array[int[8], #dim=1] a) { a[sizeof(a)-1] = 7; } array[int[8],3] z = {1,2,3}; f(z); bit[8] r = bit[8](z[2]);',
    '00000111',
  ],
  ['loop var scope', 'int[4] i = 9; for int[4] i in [0:2] { } bit[4] r = bit[4](i);', '1001'],
  ['while', 'int[8] i = 0; while (i < 5) { i += 1; if (i == 3) break; } bit[8] r = bit[8](i);', '00000011'],
  [
    'continue',
    'int[8] s = 0; for int i in [0:4] { if (i == 2) continue; s += i; } bit[8] r = bit[8](s);',
    '00001000',
  ],
  ['rus', 'qubit q; bit c = 0; int n = 0; while (!c) { h q; c = measure q; reset q; n += 1; }', '1'],
  ['line continuation comment', '/* multi\nline */ qubit q; // c\nx q; bit c = measure q; // end', '1'],
  ['by value bits', 'def f(bit[2] a) -> bit[2] { a[0] = 1; return a; } bit[2] b; bit[2] r = f(b);', '01 00'],
  [
    'readonly array',
    'def f(readonly array[int[8], #dim=2] a) -> int[8] { return a[1,1]; } array[int[8],2,2] z = {{1,2},{3,4}}; bit[8] r = bit[8](f(z));',
    '00000100',
  ],
  [
    'while measure',
    'qubit q; x q; int n = 0; bit c = 1; while (c) { c = measure q; x q; n += 1; } bit[4] r = bit[4](int[4](n));',
    '0010 0',
  ],
  [
    'for negative full',
    'int[8] n = 0; for int i in [-2:2] { n += i * i; } bit[8] r = bit[8](n);',
    '00001010',
  ],
  ['for step overshoot', 'int[8] n = 0; for int i in [0:3:7] { n += i; } bit[8] r = bit[8](n);', '00001001'],
  [
    'for desc default step empty',
    'int[8] n = 0; for int i in [5:2] { n += 1; } bit[8] r = bit[8](n);',
    '00000000',
  ],
  [
    'for range runtime',
    'int a = 1; int b = 4; int[8] n = 0; for int i in [a:b] { b = 2; n += i; } bit[8] r = bit[8](n);',
    '00001010',
  ],
  [
    'loopvar assign',
    'int[8] n = 0; for int i in [0:3] { n += 1; i = 10; } bit[8] r = bit[8](n);',
    '00000100',
  ],
  [
    'for uint[2] overflow',
    'int[8] n = 0; for uint[2] i in [0:3] { n += 1; } bit[8] r = bit[8](n);',
    '00000100',
  ],
  [
    'switch in for break',
    'int[8] n = 0; for int i in [0:5] { switch (i) { case 3 { break; } default { n += 1; } } } bit[8] r = bit[8](n);',
    '00000011',
  ],
  ['switch neg', 'int i = -1; bit r; switch (i) { case -1 { r = 1; } }', '1'],
  ['switch bit', 'bit[2] c = "10"; bit r; switch (int(c)) { case 2 { r = 1; } }', '1 10'],
  ['switch uint vs bin lit', 'uint[2] c = 2; bit r; switch (c) { case 0b10 { r = 1; } }', '1'],
  [
    'name like keyword prefix',
    'qubit inputx; bit output_1; int if_ = 1; x inputx; output_1 = measure inputx;',
    '1',
  ],
  [
    'def uses global const',
    'const int n = 2; def f(qubit[n] a) { x a; } qubit[2] q; f(q); bit[2] c = measure q;',
    '11',
  ],
  ['return measure', 'def f(qubit a) -> bit { return measure a; } qubit q; x q; bit c; c = f(q);', '1'],
  [
    'early return',
    'def f(int n) -> int { for int i in [0:10] { if (i == n) { return i * 2; } } return -1; } bit[8] r = bit[8](int[8](f(3)));',
    '00000110',
  ],
  [
    'a copy of a run keeps its own loop',
    'qubit q; int[4] n = 0; bit c = 1; while (c) { x q; x q; c = measure q; n += 1; } bit[4] r = bit[4](n);',
    '0001 0',
  ],
];

test('control flow, subroutines and scopes', async (t) => {
  for (const [title, program, outcome] of CASES) {
    await t.test(title, () => assert.equal(outcomeOf(HEAD + program), outcome));
  }
});
