import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { gatesOf, runOf } from './test-program.ts';

const HEAD = 'OPENQASM 3.1; include "stdgates.inc";\n';
const HEAD_2 = 'OPENQASM 2.0; include "qelib1.inc";\n';

/** What is computed, a program, and its registers at the end (last declared left-most). */
const COMPUTED: readonly (readonly [string, string, string])[] = [
  [
    'numbers that wrap around',
    'uint[4] u = 15; u += 2; int[4] i = 7; i += 1; bit[4] a = u[0:3]; bit b = i == -8;',
    '1 0001',
  ],
  ['literals that take the type beside them', 'uint[8] u = 255; bit a = u + 1 == 0; bit b = u > 254;', '1 1'],
  [
    'powers of any size',
    'const int n = 2 ** (2 ** 60); const uint[8] three = 3; bit[8] a = bit[8](three ** 1000001);',
    '00000011',
  ],
  [
    'division towards zero',
    'int a = -7; bit[3] b; b[0] = a / 2 == -3; b[1] = a % 2 == -1; b[2] = 7.0 / 2 == 3.5;',
    '111',
  ],
  [
    'registers as unsigned numbers',
    'bit[4] c = "1000"; bit[4] a; a[0] = c == 8; a[1] = c > 7; a[2] = c == "1000"; a[3] = c == -8;',
    '0111 1000',
  ],
  [
    'bits in the order of their index',
    'bit[4] c = "0011"; bit[4] a = c << 1; bit[4] b = rotr(c, 1); bit d = popcount(c) == 2;',
    '1 1001 0110 0011',
  ],
  ['bits of numbers', 'int[8] i = 15; i[4:7] = "1010"; bit[8] a = i[0:7]; bit s = i[-1];', '1 10101111'],
  [
    'bits of a constant',
    'const bit[4] k = "0101"; bit a = k[0]; bit b = k[-1]; bit[2] c = k[{2, 1}];',
    '01 0 1',
  ],
  [
    'angles by their pattern',
    'angle[4] a = 9 * (pi / 8); bit[4] b = bit[4](a << 2); bit[4] c = bit[4](-a); bit d = a > pi;',
    '1 0111 0100',
  ],
  [
    'angles scaled and divided',
    'angle[4] a = 7 * (pi / 8); angle[4] b = pi / 8; uint[4] k = a / b; bit[4] c = k[0:3]; bit d = 2 * b == pi / 4;',
    '1 0111',
  ],
  [
    'angles without a width, modulo a turn',
    'angle a = -pi / 2; bit b = a == 3 * pi / 2; bit c = cos(a) < 1e-9;',
    '1 1',
  ],
  [
    'complex arithmetic',
    'complex a = 10.0 + 5.0im; complex b = -2.0 - 7.0im; complex c = a * b; bit d = real(c) == 15 && imag(c) == -80;',
    '1',
  ],
  [
    '16-bit floats',
    'float[16] a = 0.1; bit b = a == 0.1; float[16] c = 2048; c += 1; bit d = c == 2048; float[32] e = 1.0; e += a; bit f = e == 1.0999755859375;',
    '1 1 0',
  ],
  ['32-bit floats', 'float[32] a = 0.1; bit b = a == 0.1; float[32] c = 0.25; bit d = c == 0.25;', '1 0'],
  [
    'functions while it runs',
    'float f = 2.25; bit[3] b; b[0] = sqrt(f) == 1.5; b[1] = floor(-f) == -3.0; b[2] = mod(7, 3) == 1;',
    '111',
  ],
  [
    'arrays in several dimensions',
    'array[int[8], 2, 2] m = {{1, 2}, {3, 4}}; array[int[8], 2] r = m[1]; m[0] = r; bit b = m[0, 1] == 4; bit c = m[-1][0] == 3; bit d = m[0, 0][1];',
    '1 1 1',
  ],
  [
    'elements that are computed',
    'int n = 3; array[int[8], 2] a = {n, n + 1}; bit b = a[0] + a[1] == 7; bit[2] c; c[0] = sizeof(a) == 2;',
    '01 1',
  ],
  [
    'arrays joined and sliced',
    'array[int, 2] a = {1, 2}; array[int, 4] b = a ++ a; array[int, 2] c = b[1:2]; bit d = c[0] == 2; bit e = c[1] == 1;',
    '1 1',
  ],
  ['registers joined', 'bit[2] a = "01"; bit[2] b = "11"; bit[4] c = a ++ b;', '1101 11 01'],
  ['an alias of bits', 'bit[4] a; let low = a[0:1]; low = "10"; low[0] = 1;', '0011'],
  [
    'scopes that shadow',
    'int a = 1; { int a = 2; a += 1; } bit b = a == 1; for int a in [5:6] {} bit c = a == 1;',
    '1 1',
  ],
  [
    'a loop that counts down, unsigned too',
    'int s; for uint[4] i in [3:-1:0] { s = s * 10 + i; } bit b = s == 3210;',
    '1',
  ],
  [
    'a loop over a set, bits and an array',
    'int s; for int i in {1, 5, 10} s += i; for bit b in "0110" s += int(b); array[int, 2] a = {2, 3}; for int i in a s += i; bit c = s == 23;',
    '1',
  ],
  [
    'jumps',
    'int s; for int i in [0:9] { if (i == 2) continue; if (i == 5) break; s += i; } bit b = s == 8;',
    '1',
  ],
  [
    'switch',
    'int i = 3; int r; switch (i) { case 1, 2 { r = 1; } case 1 + 2 { r = 2; } default { r = 3; } } bit b = r == 2;',
    '1',
  ],
  [
    'calls within calls',
    'def f(int n) -> int { return 2 * n; } int a = f(f(2) + 1) + 1; bit b = a == 11;',
    '1',
  ],
  [
    'calls that run only where they decide',
    'def f(mutable array[int, 1] a) -> bool { a[0] += 1; return true; } array[int, 1] n = {0}; bool x = false && f(n); bool y = true || f(n); bool z = true && f(n); bit b = n[0] == 1;',
    '1',
  ],
  [
    'a call in a condition of a loop',
    'def more(mutable array[int, 1] a) -> bool { a[0] += 1; return a[0] < 5; } array[int, 1] n = {0}; int rounds; while (more(n)) { rounds += 1; if (rounds > 2) continue; } bit b = rounds == 4;',
    '1',
  ],
  [
    'variables of the program in a subroutine',
    'int k = 2; def f() -> int { return k * 3; } k = 5; bit b = f() == 15;',
    '1',
  ],
  [
    'arrays of any length by reference',
    'def sum(readonly array[int, #dim = 1] a) -> int { int s; for uint i in [0:sizeof(a) - 1] s += a[i]; return s; } array[int, 3] v = {1, 2, 4}; bit b = sum(v) == 7; bit c = sum(v[1:2]) == 6;',
    '1 1',
  ],
  ['the end of the program', 'bit a = 1; bit b; end; b = 1;', '0 1'],
  [
    'a register cast to a number of its width',
    'bit[2] s = "11"; bit a = int[2](s) == 3; bit b = uint[2](s) == 3;',
    '1 1 11',
  ],
  ['names of library gates as variables', 'int x = 3; bit s = x == 3; qubit q; x q;', '1'],
];

describe('a checked program computes', () => {
  for (const [what, program, bits] of COMPUTED) {
    it(what, () => assert.equal(runOf(HEAD + program).bits, bits));
  }
});

describe('a checked program measures', () => {
  const measured: readonly (readonly [string, string, readonly (0 | 1)[], string])[] = [
    ['into a register', 'qubit[2] q; bit[2] c; c = measure q;', [1, 0], '01'],
    ['by an arrow into a part', 'qubit[2] q; bit[4] c; measure q -> c[1:2];', [1, 1], '0110'],
    ['in a declaration', 'qubit[2] q; bit[2] c = measure q; bit b = measure q[0];', [0, 1, 1], '1 10'],
    [
      'into numbers and truth',
      'qubit[2] q; bool t = measure q[0]; uint[2] u = measure q; bit b = t; bit c = u == 2;',
      [1, 0, 1],
      '1 1',
    ],
    ['into a bit of an angle', 'qubit q; angle[4] a; measure q -> a[3]; bit b = a == pi;', [1], '1'],
    [
      'in a return',
      'def m(qubit a) -> bit { return measure a; } qubit q; bit b = m(q); bit c; c = m(q) ^ b;',
      [1, 0],
      '1 1',
    ],
    ['a joined alias', 'qubit[2] a; qubit b; let all = a ++ b; bit[3] c = measure all;', [1, 0, 1], '101'],
  ];
  for (const [what, program, outcomes, bits] of measured) {
    it(what, () => assert.equal(runOf(HEAD + program, outcomes).bits, bits));
  }
});

describe('a checked program applies', () => {
  const applied: readonly (readonly [string, string, readonly string[]])[] = [
    [
      'gates to every element',
      `${HEAD}qubit[2] a; qubit[2] b; x a; cx a, b; cx a[0], b;`,
      ['x 0', 'x 1', 'cx 0 2', 'cx 1 3', 'cx 0 2', 'cx 0 3'],
    ],
    [
      'gates to slices and sets from either end',
      `${HEAD}qubit[6] q; x q[-1]; x q[0:2:4]; x q[{5, 1}]; x q[4:-1:3];`,
      ['x 5', 'x 0', 'x 2', 'x 4', 'x 5', 'x 1', 'x 4', 'x 3'],
    ],
    [
      'gates of aliases of aliases',
      `${HEAD}qubit[4] q; let a = q[1:3]; let b = a[{2, 0}]; x b; x b[1];`,
      ['x 3', 'x 1', 'x 1'],
    ],
    [
      'gates with loops in them',
      `${HEAD}gate g a { for int i in [1:3] { x a; } } qubit q; g q;`,
      ['x 0', 'x 0', 'x 0'],
    ],
    ['hardware qubits in the order of their use', `${HEAD}x $7; x $2; x $7;`, ['x 0', 'x 1', 'x 0']],
    [
      'gates under a condition on a register',
      `${HEAD_2}qreg q[1]; creg c[2]; if (c == 0) x q[0]; if (c == 5) z q[0];`,
      ['x 0'],
    ],
    [
      'gates that a program defines in place of the file',
      `${HEAD_2}gate h a { x a; } qreg q[1]; h q[0];`,
      ['x 0'],
    ],
    [
      'gates through subroutines',
      `${HEAD}def f(qubit[2] r, int n) { if (n > 1) { x r[n - 1]; } } qubit[4] q; f(q[2:3], 2); f(q[0:1], 1);`,
      ['x 3'],
    ],
  ];
  for (const [what, program, gates] of applied) it(what, () => assert.deepEqual(gatesOf(program), gates));

  it('angles of OpenQASM 2 as real numbers', () => {
    const { operations } = runOf(
      `${HEAD_2}qreg q[1]; u1(1/2) q[0]; u1(2^3/16) q[0]; u1(ln(exp(1))*sin(pi/2)/2) q[0];`,
    );
    const angles = operations.map((operation) => operation.kind === 'gate' && operation.parameters[0]);
    assert.deepEqual(angles, [0.5, 0.5, 0.5]);
  });

  it('the power of a half as the specification writes it', () => {
    const { operations } = runOf(`${HEAD}qubit q; pow(1/2) @ x q;`);
    const [gate] = operations;
    assert.ok(gate?.kind === 'gate');
    const expected = [0.5, 0.5, 0.5, -0.5, 0.5, -0.5, 0.5, 0.5];
    for (const [i, entry] of expected.entries()) assert.ok(Math.abs((gate.matrix[i] ?? 0) - entry) < 1e-12);
  });
});
