import assert from 'node:assert/strict';
import test from 'node:test';
import { HEAD, outcomeOf } from './test-outcome.ts';

/** Title, program (`stdgates.inc` is included), registers at its end: the last declared one left-most, bit 0 right-most. */
const CASES: readonly (readonly [title: string, program: string, outcome: string])[] = [
  ['uint to bits', 'uint[4] u = 6; bit[4] b = bit[4](u);', '0110'],
  [
    'bits to uint',
    'bit[4] b = "0110"; bit[4] r; uint[4] u = uint[4](b); if (u == 6) r = "1111";',
    '1111 0110',
  ],
  ['int neg to bits', 'int[4] i = -3; bit[4] b = bit[4](i);', '1101'],
  ['b[0] is lsb', 'bit[4] b = "0001"; bit r = b[0];', '1 0001'],
  ['int div', 'int[8] a = -7; int[8] b = 2; int[8] c = a / b; bit[8] r = bit[8](c);', '11111101'],
  ['int mod', 'int[8] a = -7; int[8] b = 3; int[8] c = a % b; bit[8] r = bit[8](c);', '11111111'],
  ['shift', 'uint[8] a = 200; bit[8] r = bit[8](a << 1);', '10010000'],
  ['shift big', 'uint[8] a = 200; bit[8] r = bit[8](a << 9);', '00000000'],
  ['bit shift', 'bit[4] b = "1011"; bit[4] r = b >> 1; bit[4] s = b << 1;', '0110 0101 1011'],
  ['rotl', 'bit[4] b = "1001"; bit[4] r = rotl(b, 1); bit[4] s = rotr(b,1);', '1100 0011 1001'],
  ['neg index', 'bit[5] a = "10000"; bit r = a[-1];', '1 10000'],
  ['shadow', 'int[4] x1 = 1; bit[4] r; if (true) { int[4] x1 = 2; x1 += 1; } r = bit[4](x1);', '0001'],
  ['bool arith', 'bool b = true; int[4] i = b; bit[4] r = bit[4](i);', '0001'],
  ['angle wrap', 'angle[4] a = 3*pi; angle[4] z = pi; bit r; if (a == z) r = 1;', '1'],
  [
    'angle add wrap',
    'angle[4] a = 3*pi/2; angle[4] b = pi; angle[4] c = a + b; bit[4] r = bit[4](c);',
    '0100',
  ],
  ['angle mul', 'angle[8] a = pi/4; angle[8] b = a * 3; bit[8] r = bit[8](b);', '01100000'],
  ['angle div', 'angle[8] a = pi; angle[8] b = pi/4; uint[8] c = a / b; bit[8] r = bit[8](c);', '00000100'],
  ['angle compare', 'angle[8] a = pi; bit r; if (a > pi/2) r = 1;', '1'],
  ['angle idx', 'angle[4] a = pi; bit r = a[3];', '1'],
  ['uint idx', 'uint[4] a = 8; bit r = a[3]; bit s = a[0]; a[0] = 1; bit[4] t = bit[4](a);', '1001 0 1'],
  ['power op', 'int[8] a = 2 ** 5; bit[8] r = bit[8](a);', '00100000'],
  ['power assoc', 'int[16] a = 2 ** 3 ** 2; bit[16] r = bit[16](a);', '0000001000000000'],
  ['unary power', 'int[8] a = -2 ** 2; bit[8] r = bit[8](a);', '11111100'],
  ['cmp prec', 'bit r; if (1 + 1 == 2 && !(3 < 2)) r = 1;', '1'],
  ['bitnot', 'bit[4] a = "1010"; bit[4] r = ~a;', '0101 1010'],
  ['not', 'bool b = !true; bit r = bit(b);', '0'],
  ['bit compare', 'bit[2] c = "10"; bit r; if (c == 2) r = 1;', '1 10'],
  ['bit compare str', 'bit[2] c = "10"; bit r; if (c == "10") r = 1;', '1 10'],
  ['tau euler', 'float a = τ - 2*π; float b = ℇ - euler; bit r; if (a == 0.0 && b == 0.0) r=1;', '1'],
  [
    'complex',
    'complex[float] z = 3 + 4im; float f = real(z); float g = imag(z); bit r; if (f == 3.0 && g == 4.0) r = 1;',
    '1',
  ],
  [
    'complex mul',
    'complex z = (1 + 2im) * (3 - 1im); bit r; if (real(z) == 5.0 && imag(z) == 5.0) r = 1;',
    '1',
  ],
  [
    'ternaryless nested if',
    'int i = 3; bit[2] r; if (i == 1) r = "01"; else if (i == 3) r = "10"; else r = "11";',
    '10',
  ],
  ['u overflow', 'uint[4] a = 15; a += 1; bit[4] r = bit[4](a);', '0000'],
  ['int overflow', 'int[4] a = 7; a += 1; bit[4] r = bit[4](a);', '1000'],
  ['uint sub', 'uint[4] a = 0; a -= 1; bit[4] r = bit[4](a);', '1111'],
  ['float to int', 'float f = -2.7; int[8] i = int[8](f); bit[8] r = bit[8](i);', '11111110'],
  ['float mod', 'float f = mod(7.5, 2.0); bit r; if (f == 1.5) r = 1;', '1'],
  [
    'floor',
    'int[8] f = int[8](floor(-1.5)); bit[8] r = bit[8](f); int[8] g = int[8](ceiling(-1.5)); bit[8] s = bit[8](g);',
    '11111111 11111110',
  ],
  ['sizeof', 'array[int, 2, 3] a; const int n = 2; bit[4] r = bit[4](uint[4](sizeof(a, 1)));', '0011'],
  [
    '2d array',
    'array[int[4], 2, 2] a = {{1,2},{3,4}}; bit[4] r = bit[4](a[1,0]); bit[4] s = bit[4](a[1][0]);',
    '0011 0011',
  ],
  [
    'arr assign row',
    'array[int[4], 2, 2] a = {{1,2},{3,4}}; a[0] = a[1]; bit[4] r = bit[4](a[0,1]);',
    '0100',
  ],
  ['arr slice assign', 'array[int[4], 4] a = {1,2,3,4}; a[0:1] = a[2:3]; bit[4] r = bit[4](a[1]);', '0100'],
  [
    'arr concat alias',
    'array[int[4], 2] a = {1,2}; array[int[4], 2] b = {3,4}; array[int[4], 4] c = a ++ b; bit[4] r = bit[4](c[2]);',
    '0011',
  ],
  [
    'int literals',
    'bit r; if (0b1010 == 10 && 0xFF == 255 && 0o17 == 15 && 1_000 == 1000 && 0B11 == 3 && 0X1f == 31) r = 1;',
    '1',
  ],
  ['float literals', 'bit r; if (1. == 1.0 && .5 == 0.5 && 1e3 == 1000.0 && 1_0.5e-1 == 1.05) r = 1;', '1'],
  ['bool from bit', 'bit b = 1; bool f = b; bit r; if (f) r = 1;', '1 1'],
  ['bool(b)', 'bit[2] b = "10"; bit r; if (bool(b)) r = 1;', '1 10'],
  ['int(b) signed?', 'bit[4] b = "1000"; int[4] i = int[4](b); bit r; if (i == -8) r = 1;', '1 1000'],
  ['float cmp int', 'float f = 2; int i = 2; bit r; if (f == i) r = 1;', '1'],
  ['u16 mul wrap', 'uint[8] a = 200; uint[8] b = a * 2; bit[8] r = bit[8](b);', '10010000'],
  [
    'promote wider',
    'uint[8] a = 200; uint[16] b = a; b = b * 2; bit[16] r = bit[16](b);',
    '0000000110010000',
  ],
  ['mixed width mul', 'uint[4] a = 15; uint[8] b = 16; uint[8] c = a * b; bit[8] r = bit[8](c);', '11110000'],
  ['float to uint trunc', 'float f = 3.99; uint[8] a = uint[8](f); bit[8] r = bit[8](a);', '00000011'],
  ['int->float->angle', 'angle[8] a = 3.14159265358979; bit[8] r = bit[8](a);', '10000000'],
  ['angle neg', 'angle[4] a = -pi/2; bit[4] r = bit[4](a);', '1100'],
  ['angle sub', 'angle[4] a = pi/4; angle[4] b = pi; bit[4] r = bit[4](a - b);', '1010'],
  ['angle shift', 'angle[4] a = pi/4; bit[4] r = bit[4](a << 2);', '1000'],
  ['angle to wider', 'angle[4] a = pi; angle[8] b = a; bit[8] r = bit[8](angle[8](a));', '10000000'],
  ['angle to narrower', 'angle[8] a = pi; bit[4] r = bit[4](angle[4](a));', '1000'],
  ['angle as bool', 'angle[4] a = pi; bit r; if (bool(a)) r = 1;', '1'],
  ['short circuit', 'int a = 0; bit r; if (a != 0 && 5 / a > 1) { r = 0; } else { r = 1; }', '1'],
  ['const in block', 'bit[8] r; if (true) { const int n = 3; int[8] z = n * n; r = bit[8](z); }', '00001001'],
  ['const float div', 'const float x1 = 7 / 2.0; bit r; if (x1 == 3.5) r = 1;', '1'],
  [
    'sqrt exp log',
    'bit r; if (sqrt(16.0) == 4.0 && exp(0.0) == 1.0 && log(euler) == 1.0 && pow(2, 3) == 8) r = 1;',
    '1',
  ],
  [
    'bit ops',
    'bit[4] a = "1100"; bit[4] b = "1010"; bit[4] x1 = a & b; bit[4] y1 = a | b; bit[4] z1 = a ^ b;',
    '0110 1110 1000 1010 1100',
  ],
  ['cmp bits lt', 'bit[2] a = "10"; bit[2] b = "01"; bit r; if (a > b) r = 1;', '1 01 10'],
  ['imag literal space', 'complex z = 2 im; bit r; if (imag(z) == 2.0) r = 1;', '1'],
  ['bit slice assign', 'bit[4] b; b[1:2] = "11"; b[{0,3}] = "10";', '1110'],
];

test('values have the widths, signs and bit order of the language', async (t) => {
  for (const [title, program, outcome] of CASES) {
    await t.test(title, () => assert.equal(outcomeOf(HEAD + program), outcome));
  }
});
