import assert from 'node:assert/strict';
import test from 'node:test';
import { HEAD, outcomeOf } from './test-outcome.ts';

/** Whole texts: version lines, comments, annotations, names, and what OpenQASM 2 reads differently. */
const CASES: readonly (readonly [title: string, text: string, outcome: string])[] = [
  ['no version line', 'qubit q; bit c; c = measure q;', '0'],
  ['version 3', 'OPENQASM 3; qubit q; bit c; U(pi, 0, pi) q; c = measure q;', '1'],
  ['version 3.1', '// first a comment\nOPENQASM 3.1;\nqubit q; bit c; c = measure q;', '0'],
  ['a byte order mark and CRLF', '\uFEFFOPENQASM 3.0;\r\nqubit q;\r\nbit c = measure q;\r\n', '0'],
  ['a library included twice', `${HEAD}include "stdgates.inc"; qubit q; x q; bit c = measure q;`, '1'],
  ['a library included late', 'OPENQASM 3; qubit q; include "stdgates.inc"; x q; bit c = measure q;', '1'],
  ['an own gate with a library name', 'OPENQASM 3; gate x a { } qubit q; x q; bit c = measure q;', '0'],
  [
    'annotations and pragmas',
    `${HEAD}@a b\nqubit q;\npragma p q\n#pragma r\nif (true) {\n@c\nx q; }\nbit c = measure q;`,
    '1',
  ],
  ['names outside of ASCII', `${HEAD}qubit π2; float θ = π; rx(θ) π2; bit φ_1 = measure π2;`, '1'],
  ['names that begin like keywords', `${HEAD}qubit inputs; bit iffy; x inputs; iffy = measure inputs;`, '1'],
  ['an output is shown beside bits', `${HEAD}output bit[2] r; bit s; r = "10"; s = 1;`, '1 10'],
  [
    '2: one integer of a whole register',
    'OPENQASM 2.0; include "qelib1.inc"; qreg q[2]; creg c[2]; x q[1]; measure q -> c; if (c == 2) x q[0]; measure q -> c;',
    '11',
  ],
  [
    '2: division is real',
    'OPENQASM 2.0; include "qelib1.inc"; qreg q[1]; creg c[1]; rx(1/2*pi*2) q[0]; measure q -> c;',
    '1',
  ],
  [
    '2: powers stand to the right and bind more than a sign',
    'OPENQASM 2.0; include "qelib1.inc"; qreg q[1]; creg c[1]; rx(-2^2^0*pi/2) q[0]; measure q -> c;',
    '1',
  ],
  [
    '2: a half turn of crz shows on its control',
    'OPENQASM 2.0; include "qelib1.inc"; qreg q[2]; creg c[2]; h q[0]; crz(2*pi) q[0],q[1]; h q[0]; measure q -> c;',
    '01',
  ],
  [
    '2: built-in U and CX alone',
    'OPENQASM 2.0; gate flip a { U(pi,0,pi) a; } qreg q[2]; creg c[2]; flip q[0]; CX q[0],q[1]; measure q -> c;',
    '11',
  ],
  [
    '2: an opaque gate that is never called',
    'OPENQASM 2.0; include "qelib1.inc"; opaque far(a) q; qreg q[1]; creg c[1]; x q; measure q -> c;',
    '1',
  ],
];

test('texts of every version', async (t) => {
  for (const [title, text, outcome] of CASES) {
    await t.test(title, () => assert.equal(outcomeOf(text), outcome));
  }
});

test('inputs reach the program exactly', () => {
  const text = `${HEAD}input int[8] n; input bit[3] b; output bit[8] r; r = bit[8](n); if (b == "110") { r[0] = 1; }`;
  assert.equal(outcomeOf(text, { n: -2, b: '110' }), '11111111');
  assert.equal(outcomeOf(text, { n: -2, b: '011' }), '11111110');
});
