import type { PauliTerm } from '@quantum-hub/execution/ports';
import type { Random } from '../random.ts';
import type { QuantumState } from '../state.ts';
import { type Amplitudes, groundState } from './amplitudes.ts';
import { GateQueue } from './gate-queue.ts';
import { probabilityOf, project, sampleIndices } from './measure.ts';
import { pauliExpectation } from './pauli.ts';
import { runPass } from './run-pass.ts';

/** A dense state of `qubits` qubits, all 0 at first. */
export function stateVector(qubits: number): QuantumState {
  const amplitudes = groundState(qubits);
  return stateOf(amplitudes, new GateQueue(qubits, (pass) => runPass(amplitudes, pass)));
}

function stateOf(amplitudes: Amplitudes, queue: GateQueue): QuantumState {
  return {
    apply: (gate) => queue.take(gate),
    probabilityOfOne(qubit) {
      queue.flush();
      return probabilityOf(amplitudes, qubit, 1);
    },
    collapse(qubit, outcome) {
      queue.flush();
      project(amplitudes, qubit, outcome);
    },
    // What waits is copied along: whether a way is followed on a copy or gone again must not change its rounding.
    copy() {
      const copied = { ...amplitudes, data: amplitudes.data.slice() };
      return stateOf(
        copied,
        queue.copy((pass) => runPass(copied, pass)),
      );
    },
    *sample(qubits: readonly number[], shots: number, random: Random, tell) {
      yield* queue.passes();
      const outcome = new Uint8Array(qubits.length);
      yield* sampleIndices(amplitudes, shots, random, (index, count) => {
        for (let at = 0; at < qubits.length; at++) outcome[at] = (index >>> (qubits[at] as number)) & 1;
        tell(outcome, count);
      });
    },
    expectation(paulis: PauliTerm['paulis']) {
      queue.flush();
      return pauliExpectation(amplitudes, paulis);
    },
  };
}
