import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { seededRandom } from '../random.ts';
import { applyGate } from './apply-gate.ts';
import { fuser } from './fusion.ts';
import { probabilityOfOne, project, sampleIndices } from './measure.ts';
import { pauliExpectation } from './pauli.ts';
import { applyByDefinition, distance, randomGate, randomState } from './test-dense.ts';

const seeds = fc.integer({ min: 0, max: 2 ** 40 });

describe('the kernels of the state vector', () => {
  it('do what the definition of a gate says: any targets, controls, polarity, any kind of matrix', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 7 }), seeds, (qubits, seed) => {
        const random = seededRandom(seed);
        const state = randomState(qubits, random);
        const gate = randomGate(qubits, random);
        const expected = applyByDefinition(state, gate);
        applyGate(state, gate);
        assert.ok(distance(state, expected) < 1e-14, `${JSON.stringify(gate)}: ${distance(state, expected)}`);
      }),
      { numRuns: 1500 },
    );
  });

  it('fused gates leave the same state as gates one by one', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5 }), seeds, (qubits, seed) => {
        const random = seededRandom(seed);
        const one = randomState(qubits, random);
        const fused = { qubits, re: one.re.slice(), im: one.im.slice() };
        const fusing = fuser((gate) => applyGate(fused, gate));
        for (let step = 0; step < 12; step++) {
          const gate = randomGate(qubits, random);
          applyGate(one, gate);
          fusing.take(gate);
        }
        fusing.flush();
        assert.ok(distance(one, fused) < 1e-12);
      }),
      { numRuns: 300 },
    );
  });

  it('a projection keeps what agrees with the outcome and has norm 1', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 6 }), seeds, (qubits, seed) => {
        const random = seededRandom(seed);
        const state = randomState(qubits, random);
        const qubit = Math.floor(random.uniform() * qubits);
        const outcome = (random.bits() & 1) as 0 | 1;
        const before = { re: state.re.slice(), im: state.im.slice() };
        const share = outcome === 1 ? probabilityOfOne(state, qubit) : 1 - probabilityOfOne(state, qubit);
        project(state, qubit, outcome);
        state.re.forEach((re, i) => {
          const keep = ((i >> qubit) & 1) === outcome ? 1 / Math.sqrt(share) : 0;
          assert.ok(Math.abs(re - keep * (before.re[i] as number)) < 1e-12);
          assert.ok(Math.abs((state.im[i] as number) - keep * (before.im[i] as number)) < 1e-12);
        });
      }),
      { numRuns: 300 },
    );
  });

  it('samples follow the probabilities: chi-square below the 1e-6 quantile, none where there is no amplitude', () => {
    const random = seededRandom(7);
    const state = randomState(4, random);
    state.re[3] = 0;
    state.im[3] = 0;
    const norm = Math.hypot(...state.re, ...state.im);
    const shots = 200_000;
    const counts = new Array<number>(16).fill(0);
    const work = sampleIndices(state, shots, random, (index, count) => {
      counts[index] = (counts[index] ?? 0) + count;
    });
    for (const _ of work);
    assert.equal(counts[3], 0);
    assert.equal(
      counts.reduce((sum, count) => sum + count, 0),
      shots,
    );
    let chiSquare = 0;
    counts.forEach((count, index) => {
      const expected =
        (shots * ((state.re[index] as number) ** 2 + (state.im[index] as number) ** 2)) / norm ** 2;
      if (index !== 3) chiSquare += (count - expected) ** 2 / expected;
    });
    // 14 degrees of freedom; the 1 - 1e-6 quantile is 55.
    assert.ok(chiSquare < 55, `${chiSquare}`);
  });

  it('expectation values of Paulis are those of their matrices', () => {
    const matrices = {
      X: [0, 0, 1, 0, 1, 0, 0, 0],
      Y: [0, 0, 0, -1, 0, 1, 0, 0],
      Z: [1, 0, 0, 0, 0, 0, -1, 0],
    };
    fc.assert(
      fc.property(seeds, (seed) => {
        const random = seededRandom(seed);
        const state = randomState(4, random);
        const paulis: Record<number, 'X' | 'Y' | 'Z'> = {};
        let image = { qubits: 4, re: state.re.slice(), im: state.im.slice() };
        for (let qubit = 0; qubit < 4; qubit++) {
          const pauli = ([undefined, 'X', 'Y', 'Z'] as const)[random.bits() & 3];
          if (pauli === undefined) continue;
          paulis[qubit] = pauli;
          image = applyByDefinition(image, {
            kind: 'gate',
            name: 'u',
            parameters: [],
            matrix: Float64Array.from(matrices[pauli]),
            controls: [],
            polarity: undefined,
            targets: [qubit],
          }) as typeof image;
        }
        const expected = state.re.reduce(
          (sum, re, i) =>
            sum + re * (image.re[i] as number) + (state.im[i] as number) * (image.im[i] as number),
          0,
        );
        assert.ok(Math.abs(pauliExpectation(state, paulis) - expected) < 1e-12);
      }),
      { numRuns: 300 },
    );
  });
});
