import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { PauliTerm } from '@quantum-hub/execution/ports';
import type { Gate } from '@quantum-hub/openqasm';
import { divideShots } from '../engine/divide.ts';
import type { Branch } from '../engine/follow.ts';
import { pauliGate } from '../engine/gates.ts';
import { seededRandom } from '../engine/random.ts';
import { stateVector } from '../engine/vector/state-vector.ts';
import type { Channel } from './channels.ts';
import { densityMatrix } from './density.ts';
import { noisyDevice } from './index.ts';
import { eventOf } from './trajectory.ts';

const r = Math.SQRT1_2;
const h = (qubit: number): Gate => ({
  ...pauliGate('x', qubit),
  matrix: Float64Array.of(r, 0, r, 0, r, 0, -r, 0),
});
const cx = (control: number, target: number): Gate => ({ ...pauliGate('x', target), controls: [control] });
const ry = (angle: number, qubit: number): Gate => {
  const [c, s] = [Math.cos(angle / 2), Math.sin(angle / 2)];
  return { ...pauliGate('x', qubit), matrix: Float64Array.of(c, 0, -s, 0, s, 0, c, 0) };
};

/** Two gates and a channel after each, many times by trajectories and once by the density matrix. */
const PROGRAM: readonly (Gate | Channel)[] = [
  ry(1.1, 0),
  { kind: 'damping', qubit: 0, error: 0.3 },
  h(1),
  { kind: 'dephasing', qubit: 1, error: 0.2 },
  cx(0, 1),
  { kind: 'depolarizing', qubits: [0, 1], error: 0.25 },
  cx(1, 2),
  { kind: 'flip', qubit: 2, error: 0.1 },
  ry(0.4, 2),
  { kind: 'damping', qubit: 2, error: 0.5 },
];

describe('noise', () => {
  it('trajectories have the mean of the density matrix, for every Pauli product', () => {
    const exact = densityMatrix(3);
    for (const step of PROGRAM) step.kind === 'gate' ? exact.apply(step) : exact.add(step);
    const random = seededRandom(99);
    const divide = divideShots(random);
    const products = Array.from({ length: 64 }, (_, code) =>
      Object.fromEntries(
        [0, 1, 2].flatMap((qubit) => {
          const pauli = ([undefined, 'X', 'Y', 'Z'] as const)[(code >> (2 * qubit)) & 3];
          return pauli ? [[qubit, pauli] as const] : [];
        }),
      ),
    );
    const runs = 20_000;
    const sums = new Float64Array(64);
    for (let run = 0; run < runs; run++) {
      const state = stateVector(3);
      for (const step of PROGRAM) {
        if (step.kind === 'gate') state.apply(step);
        else {
          const event = eventOf(step);
          const outcome = divide(1, event.probabilities(state)).indexOf(1);
          event.happen({ state } as Branch, outcome);
        }
      }
      products.forEach((paulis, code) => {
        sums[code] = (sums[code] as number) + state.expectation(paulis);
      });
    }
    products.forEach((paulis, code) => {
      const mean = (sums[code] as number) / runs;
      // A mean of values between -1 and 1 has a standard error of at most 1/sqrt(runs) = 0.007.
      assert.ok(Math.abs(mean - exact.expectation(paulis)) < 0.035, `${JSON.stringify(paulis)}: ${mean}`);
    });
  });

  it('the density matrix has trace 1 after any channel, and the pure state without noise', () => {
    const noisy = densityMatrix(3);
    const clean = densityMatrix(3);
    const vector = stateVector(3);
    for (const step of PROGRAM) {
      if (step.kind === 'gate') {
        for (const state of [noisy, clean, vector]) state.apply(step);
      } else noisy.add(step);
      assert.ok(Math.abs(noisy.expectation({}) - 1) < 1e-12);
    }
    for (const paulis of MORE) {
      assert.ok(Math.abs(clean.expectation(paulis) - vector.expectation(paulis)) < 1e-12);
    }
    for (const qubit of [0, 1, 2]) {
      assert.ok(Math.abs(clean.probabilityOfOne(qubit) - vector.probabilityOfOne(qubit)) < 1e-12);
      clean.collapse(qubit, 1);
      vector.collapse(qubit, 1);
    }
    assert.ok(Math.abs(clean.expectation({ 0: 'Z' }) + 1) < 1e-12);
  });
});

describe('local/noisy', () => {
  const counts = async (source: string) => {
    const program = {
      language: 'openqasm',
      source: `OPENQASM 3.0;\ninclude "stdgates.inc";\n${source}`,
    } as const;
    const answer = await noisyDevice().run({ kind: 'counts', program, shots: 1000, seed: 5 });
    assert.ok(answer.ok && answer.result.kind === 'counts');
    return answer.result.counts;
  };

  it('what was measured does not decay afterwards', async () => {
    const { 1: ones = 0 } = await counts('qubit q; bit c; x q; c = measure q; delay[1s] q;');
    assert.ok(ones > 950, `${ones}`);
    const { 0: zeros = 0 } = await counts('qubit q; bit c; x q; delay[1s] q; c = measure q;');
    assert.ok(zeros > 950, `${zeros}`);
  });

  it('a gate on all of its qubits has errors, and no table of 4^14 of them', async () => {
    const all = Array.from({ length: 14 }, (_, at) => `q[${at}]`).join(', ');
    const wide = await counts(`qubit[14] q; bit c; x q[13]; ctrl(13) @ z ${all}; c = measure q[13];`);
    assert.equal((wide[0] ?? 0) + (wide[1] ?? 0), 1000);
    assert.ok((wide[0] ?? 0) > 5, 'no error in 1000 shots');
  });
});

const MORE: readonly PauliTerm['paulis'][] = [
  { 0: 'X' },
  { 0: 'Z', 1: 'Z' },
  { 1: 'Y', 2: 'Y' },
  { 0: 'X', 1: 'X', 2: 'Z' },
];
