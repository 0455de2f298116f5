import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Gate } from '@quantum-hub/openqasm';
import fc from 'fast-check';
import { gateOn, pauliGate } from '../gates.ts';
import { seededRandom } from '../random.ts';
import type { QuantumState } from '../state.ts';
import type { Amplitudes } from './amplitudes.ts';
import { GateQueue } from './gate-queue.ts';
import { probabilityOf, project, sampleIndices } from './measure.ts';
import { takePass } from './passes.ts';
import { pauliExpectation } from './pauli.ts';
import { applyGate, runPass } from './run-pass.ts';
import { stateVector } from './state-vector.ts';
import { applyByDefinition, distance, randomGate, randomState } from './test-dense.ts';
import { BLOCK_QUBITS } from './wasm/scratch.ts';
import { windowOf } from './windows.ts';

const queueFor = (state: Amplitudes) => new GateQueue(state.qubits, (pass) => runPass(state, pass));
const hadamard = (qubit: number): Gate => gateOn(qubit, Float64Array.of(r, 0, r, 0, r, 0, -r, 0));
const controlled = (control: number, target: number): Gate => ({
  ...pauliGate('x', target),
  controls: [control],
});
const r = Math.SQRT1_2;
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
        const fused = { qubits, data: one.data.slice() };
        const queue = queueFor(fused);
        for (let step = 0; step < 12; step++) {
          const gate = randomGate(qubits, random);
          applyGate(one, gate);
          queue.take(gate);
        }
        queue.flush();
        assert.ok(distance(one, fused) < 1e-12);
      }),
      { numRuns: 300 },
    );
  });

  it('a state of many blocks, gathered from near and far qubits, is that of the definition', () => {
    const random = seededRandom(11);
    const qubits = BLOCK_QUBITS + 1;
    const fused = randomState(qubits, random);
    let expected: Amplitudes = { qubits, data: fused.data.slice() };
    const queue = queueFor(fused);
    for (let step = 0; step < 60; step++) {
      const gate = randomGate(qubits, random, 2);
      expected = applyByDefinition(expected, gate);
      queue.take(gate);
      // Not unitary: the numbers would vanish or grow out of bounds.
      if (step % 20 === 19) queue.flush();
      for (const { data } of step % 20 === 19 ? [fused, expected] : []) {
        const norm = Math.sqrt(data.reduce((sum, part) => sum + part * part, 0));
        data.forEach((part, at) => {
          data[at] = part / norm;
        });
      }
    }
    assert.ok(distance(fused, expected) < 1e-13, `${distance(fused, expected)}`);
  });

  it('many phases at once, on near and far qubits, are the same phases one by one', () => {
    const random = seededRandom(12);
    const qubits = BLOCK_QUBITS + 2;
    const merged = randomState(qubits, random);
    let expected: Amplitudes = { qubits, data: merged.data.slice() };
    const queue = queueFor(merged);
    for (let step = 0; step < 24; step++) {
      const turn = 2 * Math.PI * random.uniform();
      const matrix = Float64Array.of(1, 0, 0, 0, 0, 0, Math.cos(turn), Math.sin(turn));
      const target = random.bits() % qubits;
      const control = (target + 1 + (random.bits() % (qubits - 1))) % qubits;
      const phase: Gate = { ...gateOn(target, matrix), controls: [control] };
      expected = applyByDefinition(expected, phase);
      queue.take(phase);
    }
    queue.flush();
    assert.ok(distance(merged, expected) < 1e-15, `${distance(merged, expected)}`);
  });

  it('few passes do for many gates, with every qubit that they mix in the block', () => {
    const layers = Array.from({ length: 24 }, (_, qubit) => [
      hadamard(qubit),
      controlled(qubit, (qubit + 1) % 24),
    ]);
    const left = layers.flat();
    const passes = [];
    while (left.length > 0) passes.push(takePass(left, 24));
    assert.ok(passes.length <= 5, `${passes.length} passes`);
    assert.equal(
      passes.reduce((sum, { gates }) => sum + gates.length, 0),
      48,
    );
    for (const { gates, inner } of passes) {
      assert.equal(inner.length, BLOCK_QUBITS);
      for (const { targets } of gates) assert.ok(targets.every((qubit) => inner.includes(qubit)));
    }
  });

  it('gates that do not commute keep their order over all passes', () => {
    const random = seededRandom(4);
    const gates = Array.from({ length: 200 }, (): Gate => {
      const target = random.bits() % 24;
      const other = (target + 1 + (random.bits() % 23)) % 24;
      const kinds = [hadamard(target), pauliGate('z', target), controlled(other, target)];
      return kinds[random.bits() % 3] as Gate;
    });
    const left = [...gates];
    const done: Gate[] = [];
    while (left.length > 0) done.push(...takePass(left, 24).gates);
    assert.equal(done.length, gates.length);
    const mixed = ({ name, targets }: Gate) => (name === 'z' ? [] : targets);
    const named = ({ targets, controls }: Gate) => [...targets, ...controls];
    for (const [first, gate] of gates.entries()) {
      for (const later of gates.slice(first + 1)) {
        const commute =
          !mixed(gate).some((qubit) => named(later).includes(qubit)) &&
          !mixed(later).some((qubit) => named(gate).includes(qubit));
        assert.ok(commute || done.indexOf(gate) < done.indexOf(later), `${gate.name} and ${later.name}`);
      }
    }
  });

  it('a window that is full is worked on: never more than its gates wait', () => {
    const state = randomState(3, seededRandom(3));
    const waiting = queueFor(state);
    const before = state.data.slice();
    for (let step = 0; step < windowOf(3) - 1; step++) waiting.take(controlled(0, 1));
    assert.deepEqual(state.data, before);
    waiting.take(controlled(0, 2));
    assert.notDeepEqual(state.data, before);
  });

  it('a copy on the way changes nothing, to the last bit', () => {
    const play = (copies: boolean) => {
      const random = seededRandom(5);
      const states = [stateVector(5)];
      for (let step = 0; step < 40; step++) {
        const turn = Math.PI * random.uniform();
        const matrix = Float64Array.of(
          Math.cos(turn),
          0,
          -Math.sin(turn),
          0,
          Math.sin(turn),
          0,
          Math.cos(turn),
          0,
        );
        const target = random.bits() % 5;
        const gate: Gate = { ...hadamard(target), matrix, controls: step % 2 ? [] : [(target + 1) % 5] };
        for (const state of states) state.apply(gate);
        if (copies && step % 10 === 3) states.push((states[0] as QuantumState).copy());
      }
      return states.map((state) => state.probabilityOfOne(2));
    };
    const [alone] = play(false);
    assert.deepEqual(play(true), [alone, alone, alone, alone, alone]);
  });

  it('a projection keeps what agrees with the outcome and has norm 1', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 6 }), seeds, (qubits, seed) => {
        const random = seededRandom(seed);
        const state = randomState(qubits, random);
        const qubit = Math.floor(random.uniform() * qubits);
        const outcome = (random.bits() & 1) as 0 | 1;
        const before = state.data.slice();
        const share = probabilityOf(state, qubit, outcome);
        assert.ok(Math.abs(share + probabilityOf(state, qubit, outcome === 1 ? 0 : 1) - 1) < 1e-12);
        project(state, qubit, outcome);
        state.data.forEach((part, at) => {
          const keep = ((at >> (qubit + 1)) & 1) === outcome ? 1 / Math.sqrt(share) : 0;
          assert.ok(Math.abs(part - keep * (before[at] as number)) < 1e-12);
        });
      }),
      { numRuns: 300 },
    );
  });

  it('samples follow the probabilities: chi-square below the 1e-6 quantile, none where there is no amplitude', () => {
    const random = seededRandom(7);
    const state = randomState(4, random);
    state.data.fill(0, 6, 8);
    const norm = Math.hypot(...state.data);
    const part = (at: number) => state.data[at] as number;
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
      const expected = (shots * (part(2 * index) ** 2 + part(2 * index + 1) ** 2)) / norm ** 2;
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
        let image: Amplitudes = { qubits: 4, data: state.data.slice() };
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
          });
        }
        const expected = state.data.reduce((sum, own, at) => sum + own * (image.data[at] as number), 0);
        assert.ok(Math.abs(pauliExpectation(state, paulis) - expected) < 1e-12);
      }),
      { numRuns: 300 },
    );
  });
});
