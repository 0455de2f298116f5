import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseObservable } from '@quantum-hub/execution/ports';
import { compile } from '@quantum-hub/openqasm';
import { simulateCounts } from './counts.ts';
import { simulateExpectation } from './expectation.ts';
import type { Event } from './follow.ts';
import { pauliGate } from './gates.ts';
import { seededRandom } from './random.ts';
import { stateVector } from './vector/state-vector.ts';

const HEAD = 'OPENQASM 3.0;\ninclude "stdgates.inc";\n';

function simulationOf(source: string, seed: number, copies = 4) {
  const compiled = compile(HEAD + source);
  assert.ok(compiled.ok);
  const bound = compiled.program.bind({});
  assert.ok(bound.ok);
  const { qubitCount, registers } = compiled.program.unit;
  return {
    begin: () => ({ run: bound.start(), state: stateVector(qubitCount) }),
    copies,
    registers: registers.map(({ name, size }) => ({ name, size })),
    random: seededRandom(seed),
    onProgress() {},
  };
}

function resultOf<T>(work: Generator<void, T>): T {
  for (;;) {
    const { done, value } = work.next();
    if (done) return value;
  }
}

/** An X that always happens, after every operation of a kind. */
function flipAfter(kind: string) {
  return (operation: { kind: string }): readonly Event[] =>
    operation.kind === kind
      ? [{ probabilities: () => [1], happen: ({ state }) => state.apply(pauliGate('x', 0)) }]
      : [];
}

describe('following a program', () => {
  it('noise after an operation leaves what was measured before it as it was', () => {
    const cases = {
      delay: 'qubit[2] q; bit c; c = measure q[0]; delay[1ns] q[0];',
      gate: 'qubit[2] q; bit c; c = measure q[0]; cx q[0], q[1];',
      reset: 'qubit[2] q; bit c; c = measure q[0]; reset q[0];',
    };
    for (const [kind, source] of Object.entries(cases)) {
      const simulation = { ...simulationOf(source, 1), after: flipAfter(kind) };
      assert.deepEqual(resultOf(simulateCounts(simulation, 10)), { 0: 10 }, kind);
    }
  });

  it('gives the same counts however many copies the memory allows', () => {
    const source = `qubit[3] q; bit[3] c; int n = 0;
      while (n < 6) { h q; c = measure q; if (c == 3) { reset q; } else { ry(0.4) q[1]; } n += 1; } c = measure q;`;
    const counts = [0, 1, 2, 3, 64].map((copies) =>
      resultOf(simulateCounts(simulationOf(source, 11, copies), 500)),
    );
    for (const other of counts) assert.deepEqual(other, counts[0]);
    assert.ok(Object.keys(counts[0] as object).length > 4);
  });

  it('a program without qubits, and one without bits, has its one outcome', () => {
    assert.deepEqual(resultOf(simulateCounts(simulationOf('bit[2] c = "10";', 1), 7)), { 10: 7 });
    assert.deepEqual(resultOf(simulateCounts(simulationOf('qubit q; h q;', 1), 7)), { '': 7 });
  });
});

describe('standard errors', () => {
  const spread = (source: string, text: string, shots: number) => {
    const values: number[] = [];
    let told = 0;
    for (let seed = 0; seed < 400; seed++) {
      const work = simulateExpectation(simulationOf(source, seed), [parseObservable(text)], shots);
      const [result] = resultOf(work);
      assert.ok(result);
      values.push(result.value);
      told += result.standardError / 400;
    }
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1);
    return { told, seen: Math.sqrt(variance) };
  };

  // 400 estimates of a standard deviation scatter by 1/sqrt(800) = 3.5 per cent; five of those.
  for (const [title, source, observable] of [
    ['one way: terms are independent', 'qubit[2] q; h q[0]; cx q[0], q[1];', 'Z0 + Z1'],
    [
      'terms that a measured bit ties together',
      'qubit[2] q; bit c; h q[0]; c = measure q[0]; if (c) x q[1]; reset q[0]; if (c) x q[0];',
      'Z0 + Z1',
    ],
    [
      'terms that it sets against each other',
      'qubit[2] q; bit c; h q[0]; c = measure q[0]; if (c) x q[1]; reset q[0]; if (c) x q[0];',
      'Z0 - Z1',
    ],
    [
      'some of both',
      'qubit[2] q; bit c; ry(1) q[0]; c = measure q[0]; if (c) ry(2) q[1];',
      '0.5*Z0 + 2*Z1 - X1',
    ],
  ] as const) {
    it(title, () => {
      const { told, seen } = spread(source, observable, 100);
      assert.ok(Math.abs(told - seen) <= 0.18 * Math.max(told, seen), `told ${told}, seen ${seen}`);
    });
  }
});
