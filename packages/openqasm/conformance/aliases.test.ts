import assert from 'node:assert/strict';
import test from 'node:test';
import { HEAD, outcomeOf } from './test-outcome.ts';

/** Title, program (`stdgates.inc` is included), registers at its end: the last declared one left-most, bit 0 right-most. */
const CASES: readonly (readonly [title: string, program: string, outcome: string])[] = [
  [
    'a value goes to all registers that are joined, the first one lowest',
    'bit[2] a; bit[4] b; let j = a ++ b; j = "110001";',
    '1100 01',
  ],
  [
    'indices, slices and sets reach over the seam',
    'bit[2] a; bit[4] b; let j = a ++ b; j[1] = 1; j[-1] = 1; j[2:3] = "10"; j[{0, 4}] = "11";',
    '1110 11',
  ],
  [
    'an index that is computed',
    'bit[2] a; bit[4] b; let j = a ++ b; for int i in {0, 3, 5} { j[i] = 1; }',
    '1010 01',
  ],
  [
    'measurements',
    'bit[2] a; bit[2] b; qubit[4] q; x q[0]; x q[3]; let j = a ++ b; j = measure q; measure q[3] -> j[1];',
    '10 11',
  ],
  [
    'what is read is what they hold now',
    'bit[2] a = "01"; bit b = 1; let j = a ++ b; bit[3] r = j; bit s = j == 5; a = "10"; bit[3] t = j;',
    '110 1 101 1 10',
  ],
  [
    'parts and parts of parts',
    'bit[3] a; bit[3] b; let j = a[1:2] ++ b[{2, 0}]; let k = j[1:3]; let l = k[0:1] ++ a[0:0]; l = "101";',
    '000 101',
  ],
  ['one bit of a joined alias', 'bit[2] a; bit[2] b; let j = a ++ b; let k = j[2]; k = 1;', '01 00'],
  ['single bits are joined, too', 'bit a; bit[2] b; let j = b ++ a; j[2] = 1; j ^= "011";', '11 1'],
  ['operators assign', 'bit[2] a = "01"; bit[2] b = "10"; let j = a ++ b; j <<= 1; j |= "1000";', '10 10'],
  [
    'a loop goes over them',
    'bit[2] a = "11"; bit[2] b = "01"; let j = a ++ b; int n; for bit c in j { n += c; } bit r = n == 3;',
    '1 01 11',
  ],
  [
    'an alias stays where its index was',
    'bit[3] a; int i = 0; let k = a[i]; let m = a[{i, 1}]; i = 2; k = 1; m[1] = 1;',
    '011',
  ],
  [
    'an alias in a subroutine',
    'def f(bit[2] a, bit[2] b) -> bit[4] { let j = a ++ b; j[0] = 1; j[3] = 0; bit[4] r = b ++ a; return r; } bit[4] r = f("00", "11");',
    '0101',
  ],
  [
    'an element of a slice of an array',
    'array[int[4], 3] a = {1, 2, 3}; a[1:2][1] = 5; bit[4] r = a[2][0:3]; bit[4] s = a[1][0:3];',
    '0010 0101',
  ],
  [
    'a row of a slice of an array',
    'array[int[4], 3, 2] a; array[int[4], 2] n = {6, 7}; a[0:2:2][1] = n; bit[4] r = a[2, 1][0:3]; bit[4] s = a[1, 1][0:3];',
    '0000 0111',
  ],
  [
    'an array is another name for an array',
    'array[int[4], 2] a; let b = a; b[1] = 3; bit[4] r = a[1][0:3];',
    '0011',
  ],
];

test('aliases of bits and of joined bits are the bits themselves', async (t) => {
  for (const [title, program, outcome] of CASES) {
    await t.test(title, () => assert.equal(outcomeOf(HEAD + program), outcome));
  }
});
