import assert from 'node:assert/strict';
import test from 'node:test';
import { HEAD, outcomeOf } from './test-outcome.ts';

/** Title, program (`stdgates.inc` is included), registers at its end: the last declared one left-most, bit 0 right-most. */
const CASES: readonly (readonly [title: string, program: string, outcome: string])[] = [
  ['negctrl(2)', 'qubit[3] q; negctrl(2) @ x q[0], q[1], q[2]; bit[3] r = measure q;', '100'],
  [
    'ctrl(n) const',
    'const int n = 2; qubit[3] q; x q[0]; x q[1]; ctrl(n) @ x q[0], q[1], q[2]; bit[3] r = measure q;',
    '111',
  ],
  [
    'ctrl negctrl order',
    'qubit[3] q; x q[0]; ctrl @ negctrl @ x q[0], q[1], q[2]; bit[3] r = measure q;',
    '101',
  ],
  [
    'negctrl ctrl order',
    'qubit[3] q; x q[0]; negctrl @ ctrl @ x q[0], q[1], q[2]; bit[3] r = measure q;',
    '001',
  ],
  ['pow -1', 'qubit q; h q; s q; pow(-1) @ s q; h q; bit r = measure q;', '0'],
  ['pow 1/2', 'qubit q; pow(1/2) @ x q; pow(0.5) @ x q; bit r = measure q;', '1'],
  ['pow int', 'qubit q; pow(3) @ x q; bit r = measure q;', '1'],
  ['inv pow', 'qubit q; h q; inv @ pow(2) @ t q; s q; h q; bit r = measure q;', '0'],
  ['ctrl gphase', 'qubit q; h q; ctrl @ gphase(pi) q; h q; bit r = measure q;', '1'],
  [
    'gphase in gate ctrl',
    'gate g a { gphase(pi); } qubit[2] q; h q[0]; ctrl @ g q[0], q[1]; h q[0]; bit[2] r = measure q;',
    '01',
  ],
  ['const arr fn', 'const float f = sin(pi/2); qubit q; rx(f*pi) q; bit c = measure q;', '1'],
  [
    'gate param shadow',
    'float theta = 1.0; gate g(theta) a { rx(theta) a; } qubit q; g(pi) q; bit c = measure q;',
    '1',
  ],
  ['gate uses const', 'const float p = pi; gate g a { rx(p) a; } qubit q; g q; bit c = measure q;', '1'],
  [
    'inverse of u3 gate def',
    'gate g(a,b) q { rx(a) q; rz(b) q; } qubit q; g(0.3,0.4) q; inv @ g(0.3,0.4) q; bit c = measure q;',
    '0',
  ],
  [
    'pow of custom',
    'gate g q { h q; t q; } qubit q; pow(2) @ g q; inv @ pow(2) @ g q; bit c = measure q;',
    '0',
  ],
  ['pow 0', 'qubit q; pow(0) @ x q; bit c = measure q;', '0'],
  [
    'ctrl pow',
    'qubit[2] q; x q[0]; ctrl @ pow(0.5) @ x q[0], q[1]; ctrl @ pow(0.5) @ x q[0], q[1]; bit[2] c = measure q;',
    '11',
  ],
  [
    'ctrl of own gate with aliases',
    'gate g a, b { cx b, a; } qubit[3] q; x q[0]; x q[2]; ctrl @ g q[0], q[1], q[2]; bit[3] c = measure q;',
    '111',
  ],
  ['angle in gate', 'angle[16] a = pi; qubit q; rx(a) q; bit r = measure q;', '1'],
  ['loop angle', 'qubit q; angle[8] a = pi/8; for int i in [1:8] { rx(a) q; } bit r = measure q;', '1'],
  ['gphase top', 'qubit q; gphase(pi/2); bit c = measure q;', '0'],
  [
    'ctrl ctrl gphase',
    'qubit[2] q; x q[0]; h q[1]; ctrl(2) @ gphase(pi) q[0], q[1]; h q[1]; bit[2] c = measure q;',
    '11',
  ],
  ['negctrl gphase', 'qubit q; h q; negctrl @ gphase(pi) q; h q; bit c = measure q;', '1'],
  ['pow gphase', 'qubit q; h q; ctrl @ pow(2) @ gphase(pi/2) q; h q; bit c = measure q;', '1'],
  ['rz vs p phase', 'qubit[2] q; h q[0]; ctrl @ rz(2*pi) q[0], q[1]; h q[0]; bit[2] c = measure q;', '01'],
  ['cp 2pi', 'qubit[2] q; h q[0]; cp(2*pi) q[0], q[1]; h q[0]; bit[2] c = measure q;', '00'],
  ['U phase conv', 'qubit[2] q; h q[0]; ctrl @ U(0,0,pi) q[0], q[1]; h q[0]; bit[2] c = measure q;', '00'],
  [
    'x is exact',
    'qubit[2] q; h q[0]; h q[1]; cx q[0], q[1]; ctrl @ x q[0], q[1]; h q; bit[2] c = measure q;',
    '00',
  ],
  [
    'u1u2u3 in stdgates',
    'qubit q; u3(pi,0,pi) q; u1(0.2) q; u2(0,pi) q; u2(0,pi) q; id q; bit c = measure q;',
    '1',
  ],
  ['cu gamma', 'qubit[2] q; h q[0]; cu(0,0,0,pi) q[0], q[1]; h q[0]; bit[2] c = measure q;', '01'],
  ['broadcast param', 'qubit[2] q; rx(pi) q; bit[2] c = measure q;', '11'],
  ['ctrl bcast', 'qubit[2] q; qubit[2] r0; x q; ctrl @ x q, r0; bit[2] c = measure r0;', '11'],
  [
    'ctrl with register control',
    'qubit[2] q; qubit t; x q; ctrl(2) @ x q[0], q[1], t; bit c = measure t;',
    '1',
  ],
  ['toffoli reg', 'qubit[3] q; x q[0:1]; ctrl @ cx q[0], q[1], q[2]; bit[3] c = measure q;', '111'],
  [
    'U is periodic in theta: U(2 pi, 0, 0) is the identity, phase and all',
    'qubit[2] q; h q[0]; ctrl @ U(2*pi, 0, 0) q[0], q[1]; h q[0]; bit[2] c = measure q;',
    '00',
  ],
  [
    'U(pi, 0, pi) is i x: two controlled ones kick a phase back',
    'qubit[2] q; h q[0]; ctrl @ U(pi,0,pi) q[0], q[1]; ctrl @ U(pi,0,pi) q[0], q[1]; h q[0]; bit[2] c = measure q;',
    '01',
  ],
  [
    'u3 has determinant 1, and no turn undoes it',
    'qubit[2] q; h q[0]; ctrl @ u3(2*pi, 0, 0) q[0], q[1]; h q[0]; bit[2] c = measure q;',
    '01',
  ],
  [
    'an inverse takes the phase back',
    'qubit[2] q; h q[0]; ctrl @ U(1, 2, 3) q[0], q[1]; ctrl @ inv @ U(1, 2, 3) q[0], q[1]; h q[0]; bit[2] c = measure q;',
    '00',
  ],
];

test('gates and modifiers are right to the phase, which a control makes visible', async (t) => {
  for (const [title, program, outcome] of CASES) {
    await t.test(title, () => assert.equal(outcomeOf(HEAD + program), outcome));
  }
});
