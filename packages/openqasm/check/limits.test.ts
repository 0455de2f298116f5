import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { compile } from '../compile.ts';
import { errorsOf } from './test-program.ts';

const HEAD = 'OPENQASM 3.1; include "stdgates.inc";\n';
/** What a person waits for without a thought; the checks themselves take a few milliseconds. */
const SOON_MS = 2000;

describe('limits', () => {
  const large: readonly (readonly [string, string])[] = [
    ['int[10 ** 12] n;', '2:1+13 limit'],
    ['int[99999999999999999999999999] n;', '2:1+31 limit'],
    ['qubit[1000000000000000000] q;', '2:1+29 limit'],
    ['array[int, 1000000, 1000000] a;', '2:1+28 limit'],
    ['bit[100000000] b;', '2:1+14 limit'],
    ['bit[600000] a; bit[600000] b;', '2:16+14 limit'],
    ['qubit[2] q; ctrl(10 ** 9) @ x q[0], q[1];', '2:13+15 limit'],
  ];
  for (const [program, expected] of large) {
    it(`end at once: ${program}`, () => {
      const start = performance.now();
      assert.deepEqual(errorsOf(HEAD + program), [expected]);
      assert.ok(performance.now() - start < SOON_MS);
    });
  }

  it('are those of the caller', () => {
    assert.deepEqual(errorsOf(`${HEAD}qubit[5] q;`, { qubits: 4 }), ['2:1+11 limit']);
    assert.deepEqual(errorsOf(`${HEAD}bit[5] b;`, { bits: 4 }), ['2:1+6 limit']);
    const long = `${HEAD}qubit q;\n${'x q;\n'.repeat(20_000)}`;
    assert.match(errorsOf(long, { milliseconds: 0 })[0] ?? '', /limit$/);
  });

  it('end the reading too: what follows is not told', () => {
    assert.deepEqual(errorsOf(`${HEAD}qubit[5] q;\nx x x x;\n`, { qubits: 4 }), ['2:1+11 limit']);
  });

  it('hold for constants that would be astronomically large', () => {
    const start = performance.now();
    const program = `${HEAD}const int a = 2 ** (2 ** 60); const uint[8192] b = 3; const uint[8192] c = b ** (2 ** 62); const int d = (2 ** 63 - 1) ** (2 ** 62);`;
    assert.deepEqual(errorsOf(program), []);
    assert.ok(performance.now() - start < SOON_MS);
  });

  it('stop at many errors, and never at none', () => {
    const result = compile(`${HEAD}${'nothing q;\n'.repeat(5000)}`);
    assert.ok(!result.ok && result.errors.length === 50);
  });

  it('leave the time of a flat program linear in its size', () => {
    const time = (gates: number) => {
      const lines = Array.from(
        { length: gates },
        (_, i) => `cx q[${i % 20}],q[${(i + 7) % 20}];\nu1(pi/${i + 1}) q[${i % 20}];\n`,
      );
      const source = `OPENQASM 2.0;\ninclude "qelib1.inc";\nqreg q[20];\n${lines.join('')}`;
      const start = performance.now();
      assert.equal(compile(source).ok, true);
      return performance.now() - start;
    };
    time(2000);
    const small = Math.min(time(4000), time(4000), time(4000));
    // Eight times the size; a square law would take sixty-four times as long.
    assert.ok(time(32_000) < 40 * small + 500);
  });
});
