import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { compiled } from './test-program.ts';

const HEAD = 'OPENQASM 3.1; include "stdgates.inc"; qubit[2] q; bit[2] c;\n';

/** A program (its own line 1 is line 2 of the whole) and its features, each with line and column. */
const FEATURES: readonly (readonly [string, ...string[]])[] = [
  ['h q; c = measure q;'],
  ['c = measure q; h q[0];', 'mid-circuit-measurement 2:16'],
  ['c[0] = measure q[0]; h q[1]; c[1] = measure q[1];'],
  ['measure q[0] -> c[0]; measure q[0] -> c[1];', 'mid-circuit-measurement 2:23'],
  ['for int i in [0:1] { c[i] = measure q[i]; }', 'classical-control 2:1'],
  ['for int i in [0:1] { h q; c = measure q; }', 'classical-control 2:1', 'mid-circuit-measurement 2:22'],
  ['let a = q; c = measure a; x q[1];', 'mid-circuit-measurement 2:27'],
  ['reset q;', 'reset 2:1'],
  ['input int n; if (n == 1) x q;', 'input 2:1', 'classical-control 2:14'],
  [
    'c = measure q; int n = int[2](c); if (n == 1) { x q; }',
    'mid-circuit-measurement 2:35',
    'measured-branch 2:35',
    'classical-control 2:35',
  ],
  [
    'bool go; while (!go) { c = measure q; go = c == 0; }',
    'mid-circuit-measurement 2:10',
    'measured-loop 2:10',
    'classical-control 2:10',
    'classical-arithmetic 2:39',
  ],
  [
    'def m(qubit a) -> bit { return measure a; } if (m(q[0])) x q[1];',
    'subroutine 2:1',
    'mid-circuit-measurement 2:45',
    'measured-branch 2:45',
    'classical-control 2:45',
  ],
  ['array[int, 2] a; complex z;', 'array 2:1', 'complex 2:18'],
  ['inv @ s q; gphase(pi); x $3;', 'modifier 2:1', 'global-phase 2:12', 'hardware-qubit 2:26'],
  ['delay[100ns] q; cal {} extern f(int); defcalgrammar "openpulse";', 'timing 2:1', 'pulse 2:17'],
  ['extern f(int) -> int; int n; if (n == 0) n = f(2);', 'classical-control 2:30', 'extern 2:46'],
  ['stretch g; delay[2 * g] q;', 'stretch 2:1', 'timing 2:12'],
  ['box { x[20ns] q; }', 'timing 2:1', 'gate-duration 2:9'],
  [
    'def f(duration d) {} f(durationof({ reset $0; }));',
    'timing 2:7',
    'subroutine 2:1',
    'durationof 2:24',
    'hardware-qubit 2:43',
  ],
];

describe('features', () => {
  for (const [program, ...expected] of FEATURES) {
    it(`of: ${program}`, () => {
      const uses = compiled(HEAD + program).features();
      const told = uses.map(({ feature, line, column }) => `${feature} ${line}:${column}`);
      assert.deepEqual(told.sort(), [...expected].sort());
    });
  }

  it('of OpenQASM 2 know its opaque gates', () => {
    const source = 'OPENQASM 2.0;\nopaque o a;\nqreg q[1];\n';
    assert.deepEqual(compiled(source).features(), []);
    const [use] = compiled(`${source}o q[0];`).features();
    assert.deepEqual(use, { feature: 'opaque', line: 4, column: 1, length: 7 });
  });
});
