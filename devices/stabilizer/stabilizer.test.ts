import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Gate } from '@quantum-hub/openqasm';
import fc from 'fast-check';
import { type Random, seededRandom } from '../engine/random.ts';
import { stateVector } from '../engine/vector/state-vector.ts';
import { applyAction } from './apply.ts';
import { type CliffordAction, cliffordAction } from './clifford.ts';
import { outcomeOfMany } from './eliminate.ts';
import { stabilizerDevice } from './index.ts';
import { outcomeInOrder } from './sample.ts';
import { stabilizerState } from './stabilizer.ts';
import { copyTableau, groundTableau } from './tableau.ts';

const r = Math.SQRT1_2;
const ONE: readonly (readonly number[])[] = [
  [r, 0, r, 0, r, 0, -r, 0],
  [1, 0, 0, 0, 0, 0, 0, 1],
  [1, 0, 0, 0, 0, 0, 0, -1],
  [0, 0, 1, 0, 1, 0, 0, 0],
  [0, 0, 0, -1, 0, 1, 0, 0],
  [1, 0, 0, 0, 0, 0, -1, 0],
  [0.5, 0.5, 0.5, -0.5, 0.5, -0.5, 0.5, 0.5],
];
const gate = (
  matrix: Float64Array,
  targets: number[],
  controls: number[] = [],
  polarity?: (0 | 1)[],
): Gate => ({
  kind: 'gate',
  name: 'u',
  parameters: [],
  matrix,
  controls,
  polarity,
  targets,
});

/** cz, then |abc> to |bca>: a gate of three targets. */
const TURN = Float64Array.from({ length: 128 }, (_, at) => {
  const [row, column] = [at >> 4, (at >> 1) & 7];
  if (at % 2 === 1 || row !== ((column >> 1) | ((column & 1) << 2))) return 0;
  return (column & 3) === 3 ? -1 : 1;
});

/** One-qubit Cliffords, Paulis under a control of either polarity, swaps of two and three. */
function randomClifford(qubits: number, random: Random): Gate {
  const pick = (limit: number) => Math.floor(random.uniform() * limit);
  const first = pick(qubits);
  const second = (first + 1 + pick(qubits - 1)) % qubits;
  const kind = qubits > 1 ? pick(qubits > 2 ? 5 : 4) : 0;
  const matrix = (index: number) => Float64Array.from(ONE[index] as number[]);
  if (kind === 4) {
    const third = Array.from({ length: qubits }, (_, qubit) => qubit).find(
      (each) => each !== first && each !== second,
    );
    return gate(TURN, [first, second, third as number]);
  }
  if (kind === 3) {
    const swap = new Float64Array(32);
    for (const entry of [0, 12, 18, 30]) swap[entry] = 1;
    return gate(swap, [first, second]);
  }
  if (kind === 0) return gate(matrix(pick(ONE.length)), [first]);
  return gate(matrix(3 + pick(3)), [first], [second], pick(2) ? undefined : [pick(2) as 0 | 1]);
}

function drain(work: Iterable<void>): void {
  for (const _ of work);
}

function last<T>(work: Generator<void, T>): T {
  for (;;) {
    const { done, value } = work.next();
    if (done) return value;
  }
}

describe('the stabilizer tableau', () => {
  it('has the probabilities and expectation values of the state vector, through gates and measurements', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 7 }), fc.integer({ min: 0, max: 2 ** 40 }), (qubits, seed) => {
        const random = seededRandom(seed);
        const tableau = stabilizerState(qubits);
        const vector = stateVector(qubits);
        for (let step = 0; step < 40; step++) {
          if (random.uniform() < 0.15) {
            const qubit = Math.floor(random.uniform() * qubits);
            const one = vector.probabilityOfOne(qubit);
            assert.ok(Math.abs(tableau.probabilityOfOne(qubit) - one) < 1e-9, `step ${step}: ${one}`);
            const outcome = random.uniform() < one ? 1 : 0;
            tableau.collapse(qubit, outcome);
            vector.collapse(qubit, outcome);
          } else {
            const next = randomClifford(qubits, random);
            tableau.apply(next);
            vector.apply(next);
          }
          const paulis: Record<number, 'X' | 'Y' | 'Z'> = {};
          for (let qubit = 0; qubit < qubits; qubit++) {
            const pauli = ([undefined, 'X', 'Y', 'Z'] as const)[random.bits() & 3];
            if (pauli) paulis[qubit] = pauli;
          }
          const [exact, got] = [vector.expectation(paulis), tableau.expectation(paulis)];
          assert.ok(
            Math.abs(exact - got) < 1e-9,
            `step ${step}: ${JSON.stringify(paulis)} ${got}, not ${exact}`,
          );
        }
      }),
      { numRuns: 400 },
    );
  });

  it('samples the outcomes of the state vector, all alike', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 0, max: 2 ** 40 }), (qubits, seed) => {
        const random = seededRandom(seed);
        const tableau = stabilizerState(qubits);
        const vector = stateVector(qubits);
        for (let step = 0; step < 25; step++) {
          const next = randomClifford(qubits, random);
          tableau.apply(next);
          vector.apply(next);
        }
        const asked = Array.from({ length: qubits }, (_, qubit) => qubit).filter(
          () => random.uniform() < 0.8,
        );
        const [a, b] = [new Map<string, number>(), new Map<string, number>()];
        const into = (counts: Map<string, number>) => (outcome: Uint8Array, count: number) =>
          counts.set(outcome.join(''), (counts.get(outcome.join('')) ?? 0) + count);
        drain(tableau.sample(asked, 2000, random, into(a)));
        drain(vector.sample(asked, 2000, random, into(b)));
        assert.deepEqual([...a.keys()].sort(), [...b.keys()].sort());
        for (const [outcome, count] of a) {
          const expected = 2000 / a.size;
          assert.ok(
            Math.abs(count - expected) <= 6 * Math.sqrt(expected),
            `${outcome}: ${count} of ${expected}`,
          );
        }
      }),
      { numRuns: 150 },
    );
  });

  it('refuses what is not Clifford, and takes angles that are multiples of pi/2 with their rounding', () => {
    const t = gate(Float64Array.of(1, 0, 0, 0, 0, 0, r, r), [0]);
    assert.throws(() => stabilizerState(1).apply({ ...t, name: 't' }), {
      message: 't is not a Clifford gate',
    });
    const angle = Math.PI / 2;
    const almost = gate(Float64Array.of(1, 0, 0, 0, 0, 0, Math.cos(angle), Math.sin(angle)), [0]);
    stabilizerState(1).apply(almost);
    const toffoli = gate(Float64Array.of(0, 0, 1, 0, 1, 0, 0, 0), [0], [1, 2]);
    assert.throws(() => stabilizerState(3).apply(toffoli), { name: 'NotServed' });
  });

  it('samples some of the qubits as the state vector has them, certain ones and correlated ones', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 7 }), fc.nat(2 ** 30), (qubits, seed) => {
        const random = seededRandom(seed);
        const tableau = stabilizerState(qubits);
        const vector = stateVector(qubits);
        const apply = (next: Gate) => {
          tableau.apply(next);
          vector.apply(next);
        };
        const all = Array.from({ length: qubits }, (_, qubit) => qubit);
        const asked = all.filter(() => random.uniform() < 0.5);
        const hidden = all.filter((qubit) => !asked.includes(qubit));
        if (seed % 2) for (let step = 0; step < 25; step++) apply(randomClifford(qubits, random));
        const flip = Float64Array.from(ONE[3] as number[]);
        // Rows become mixed while the state stays a basis state; then qubits that are not asked for get X parts.
        for (let step = 0; step < 12; step++) {
          const control = Math.floor(random.uniform() * qubits);
          const target = (control + 1 + Math.floor(random.uniform() * (qubits - 1))) % qubits;
          apply(gate(flip, [target], step % 3 ? [control] : []));
        }
        for (let step = 0; step < 20 && hidden.length > 1; step++) {
          const local = randomClifford(hidden.length, random);
          const place = (qubit: number) => hidden[qubit] as number;
          apply({ ...local, targets: local.targets.map(place), controls: local.controls.map(place) });
        }
        const seen = new Set<string>();
        drain(tableau.sample(asked, 400, random, (outcome) => seen.add(outcome.join(''))));
        const possible = new Set<string>();
        drain(vector.sample(asked, 4000, random, (outcome) => possible.add(outcome.join(''))));
        assert.deepEqual([...seen].sort(), [...possible].sort());
      }),
      { numRuns: 150 },
    );
  });

  it('reads many qubits at once as it reads them one after another, whatever is asked in whatever order', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 70 }), fc.nat(2 ** 30), (qubits, seed) => {
        const random = seededRandom(seed);
        const tableau = groundTableau(qubits);
        const gates = [0, 1, 4][seed % 3] as number;
        for (let step = 0; step < gates * qubits; step++) {
          applyAction(tableau, cliffordAction(randomClifford(qubits, random)) as CliffordAction);
        }
        const order = Array.from({ length: qubits }, (_, qubit) => ({ qubit, key: random.bits() }));
        const asked = order.sort((a, b) => a.key - b.key).map(({ qubit }) => qubit);
        asked.length = 1 + (random.bits() % qubits);
        const many = last(outcomeOfMany(tableau, asked));
        assert.deepEqual(many, last(outcomeInOrder(copyTableau(tableau), asked)));
      }),
      { numRuns: 300 },
    );
  });

  it('holds a GHZ state of 3000 qubits: every shot all 0 or all 1', () => {
    const qubits = 3000;
    const state = stabilizerState(qubits);
    const random = seededRandom(5);
    const flip = Float64Array.from(ONE[3] as number[]);
    state.apply(gate(Float64Array.from(ONE[0] as number[]), [0]));
    for (let qubit = 1; qubit < qubits; qubit++) state.apply(gate(flip, [qubit], [qubit - 1]));
    const seen = new Set<number>();
    const all = Array.from({ length: qubits }, (_, qubit) => qubit);
    const work = state.sample(all, 50, random, (outcome) => {
      const ones = outcome.reduce((sum, bit) => sum + bit, 0);
      assert.ok(ones === 0 || ones === qubits);
      seen.add(ones);
    });
    drain(work);
    assert.equal(seen.size, 2);
  });
});

describe('local/stabilizer', () => {
  it('can be stopped while it samples', async () => {
    const source = 'OPENQASM 3.0; include "stdgates.inc"; qubit[400] q; bit[400] c; h q; c = measure q;';
    const controller = new AbortController();
    let told = 0;
    const onProgress = () => {
      told++;
      controller.abort();
    };
    const request = {
      kind: 'counts',
      program: { language: 'openqasm', source },
      shots: 100_000,
      seed: 1,
    } as const;
    const run = stabilizerDevice().run(request, { signal: controller.signal, onProgress });
    await assert.rejects(run, { name: 'AbortError' });
    assert.equal(told, 1);
  });
});
