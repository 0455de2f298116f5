import assert from 'node:assert/strict';
import test from 'node:test';
import { HEAD, outcomeOf } from './test-outcome.ts';

/** Title, program (`stdgates.inc` is included), registers at its end: the last declared one left-most, bit 0 right-most. */
const CASES: readonly (readonly [title: string, program: string, outcome: string])[] = [
  ['measure slice', 'qubit[4] q; bit[4] c; x q[2]; x q[3]; c[0:1] = measure q[2:3];', '0011'],
  ['measure rev', 'qubit[4] q; bit[4] c; x q[0]; c[3:-1:0] = measure q;', '1000'],
  [
    'alias concat',
    'qubit[2] a; qubit[2] b; let c = b ++ a; x c[0]; bit[2] ra = measure a; bit[2] rb = measure b;',
    '01 00',
  ],
  ['alias of slice', 'qubit[5] q; let c = q[1:2:4]; let e = c[1]; x e; bit[5] r = measure q;', '01000'],
  ['idx set', 'qubit[5] q; let c = q[{0,3}]; x c; bit[5] r = measure q;', '01001'],
  [
    'broadcast gate',
    'qubit[3] a; qubit[3] b; qubit c; x a; cx a, b; cx a[0], c; bit[3] r = measure b; bit s = measure c;',
    '1 111',
  ],
  ['broadcast mixed', 'qubit a; qubit[3] b; x a; cx a, b; bit[3] r = measure b;', '111'],
  ['reset reg', 'qubit[3] a; x a; reset a; bit[3] r = measure a;', '000'],
  ['reset slice', 'qubit[3] a; x a; reset a[0:1]; bit[3] r = measure a;', '100'],
  ['barrier', 'qubit[3] a; barrier; barrier a; barrier a[0], a[1]; bit[3] r = measure a;', '000'],
  ['annot', '@foo bar baz\nqubit q;\n@a.b.c\nx q;\npragma hi there\n#pragma legacy\nbit c = measure q;', '1'],
  ['annot in block', 'qubit q; if (true) {\n@x y\nx q; }\nbit c = measure q;', '1'],
  ['measure arrow', 'qubit[2] q; bit[2] c; x q[0]; measure q -> c;', '01'],
  ['alias write', 'bit[4] b = "0000"; let c = b[1:2]; c[0] = 1; bit[4] r = b;', '0010 0010'],
  [
    'alias then measure',
    'qubit[4] q; let e = q[0:2:3]; let o = q[1:2:3]; x o; bit[2] a = measure e; bit[2] b = measure o;',
    '11 00',
  ],
  [
    'alias of alias',
    'qubit[6] q; let a = q[2:5]; let b = a[1:-1:0]; x b[0]; bit[6] r = measure q;',
    '001000',
  ],
  ['neg slice end', 'qubit[4] q; x q[1:-1]; bit[4] r = measure q;', '1110'],
  [
    'open slices',
    'qubit[4] q; x q[:1]; bit[4] r = measure q; reset q; x q[2:]; bit[4] s = measure q; reset q; x q[:2:]; bit[4] t = measure q;',
    '0101 1100 0011',
  ],
  ['const uses const fn', 'const int n = popcount("1011"); qubit[n] q; bit[3] r = measure q;', '000'],
  ['cx slices', 'qubit[4] q; x q[0]; x q[1]; cx q[0:1], q[2:3]; bit[4] c = measure q;', '1111'],
  ['3 reg bcast', 'qubit[2] a; qubit[2] b; qubit[2] t; x a; x b; ccx a, b, t; bit[2] c = measure t;', '11'],
  ['bcast dynamic idx', 'qubit[3] q; int i = 1; x q[i]; x q[i+1]; bit[3] c = measure q;', '110'],
];

test('registers, slices, aliases and broadcasts reach the qubits and bits that they name', async (t) => {
  for (const [title, program, outcome] of CASES) {
    await t.test(title, () => assert.equal(outcomeOf(HEAD + program), outcome));
  }
});
