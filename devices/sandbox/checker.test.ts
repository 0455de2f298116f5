/** Guarantee: programs are judged as their device would, and whatever one does to the process that judges it, the next is judged. */
import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import type { DeviceRequest } from '@quantum-hub/execution/ports';
import fc from 'fast-check';
import { localChecker } from '../index.ts';

const checker = localChecker({ processes: 2 });
after(async () => await checker[Symbol.asyncDispose]());

const openqasm = (source: string, more: object = {}): DeviceRequest =>
  ({
    kind: 'counts',
    program: { language: 'openqasm', source },
    shots: 10,
    seed: 1,
    ...more,
  }) as DeviceRequest;
const HEAD = 'OPENQASM 3.0;\ninclude "stdgates.inc";\n';
const GOOD = `${HEAD}qubit[2] q; bit[2] c; h q[0]; cx q[0], q[1]; c = measure q;`;

describe('the checker', () => {
  it('tells errors, and facts of what compiles', async () => {
    const good = await checker.check('local/statevector', openqasm(GOOD), { stats: true });
    assert.deepEqual(good.errors, []);
    assert.deepEqual(good.facts?.registers, [{ name: 'c', size: 2 }]);
    assert.deepEqual(
      [good.facts?.language, good.facts?.qubits, good.facts?.stats?.depth],
      ['openqasm3', 2, 2],
    );
    const old = await checker.check(undefined, openqasm('OPENQASM 2.0;\nqreg q[1];'));
    assert.equal(old.facts?.language, 'openqasm2');
    const bad = await checker.check('local/statevector', openqasm('OPENQASM 3.0;\nqubit q;\nh q;'));
    assert.deepEqual([bad.errors[0]?.line, bad.facts], [3, undefined]);
  });

  it('finds what goes wrong in every run, and leaves alone what hangs on outcomes', async () => {
    const always = `${HEAD}int n = 0; for int i in [1:1000000000] { n = n + 1; }`;
    assert.equal((await checker.check('local/statevector', openqasm(always))).errors[0]?.code, 'limit');
    const maybe = `${HEAD}qubit q; bit c; h q; c = measure q; if (c == 1) { for int i in [1:1000000000] { x q; } }`;
    const { errors, facts } = await checker.check('local/statevector', openqasm(maybe), { stats: true });
    assert.deepEqual([errors, facts?.stats], [[], undefined]);
  });

  it('passes on what a device does not serve', async () => {
    await assert.rejects(checker.check('local/qsharp', openqasm(GOOD)), {
      code: 'execution.language_not_served',
    });
    await assert.rejects(checker.check('local/statevector', openqasm(GOOD, { shots: 0 })), {
      code: 'execution.shots_out_of_range',
    });
    await assert.rejects(checker.check('local/none', openqasm(GOOD)), { code: 'execution.device_failed' });
  });

  it('gives up what takes too long, and judges the next one', async () => {
    await using hasty = localChecker({ processes: 1, limits: { milliseconds: 1, memoryBytes: 2 ** 30 } });
    const source = GOOD + 'x q[0];\n'.repeat(100_000);
    await assert.rejects(hasty.check('local/statevector', openqasm(source)), {
      code: 'execution.check_time_exceeded',
    });
    await using short = localChecker({ processes: 1, walkMilliseconds: 0 });
    // Judged, and then cut off on its walk: what is known is the answer, and the process is replaced.
    const long = `${HEAD}qubit q; for int i in [1:999999] { x q; }`;
    for (let time = 0; time < 2; time++) {
      const { errors, facts } = await short.check('local/statevector', openqasm(long), { stats: true });
      assert.deepEqual([errors, facts?.qubits, facts?.stats], [[], 1, undefined]);
    }
  });

  it('lives on whatever text it is given', async () => {
    const words = [
      'qubit q;',
      'h q;',
      'input int n;',
      'for',
      '{',
      '}',
      '[1:',
      '];',
      'gate g a {',
      '"',
      '\u0000',
      '/*',
      'é',
      '=',
      'if (',
      ';',
    ];
    const text = fc.oneof(
      fc.string(),
      fc.array(fc.constantFrom(...words)).map((list) => HEAD + list.join(' ')),
    );
    await fc.assert(
      fc.asyncProperty(text, async (source) => {
        const { errors, facts } = await checker.check('local/statevector', openqasm(source));
        assert.ok(errors.length > 0 || facts !== undefined);
        for (const { line, column, message } of errors) assert.ok(line >= 1 && column >= 1 && message !== '');
      }),
      { numRuns: 200 },
    );
  });
});
