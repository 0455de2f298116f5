import type { PauliTerm } from '@quantum-hub/execution/ports';
import type { Gate } from '@quantum-hub/openqasm';
import type { Random } from '../random.ts';
import type { QuantumState } from '../state.ts';
import { type Amplitudes, groundState } from './amplitudes.ts';
import { applyGate } from './apply-gate.ts';
import { fuser } from './fusion.ts';
import { probabilityOfOne, project, sampleIndices } from './measure.ts';
import { pauliExpectation } from './pauli.ts';

/** A dense state of `qubits` qubits, all 0 at first. */
export function stateVector(qubits: number): QuantumState {
  return stateOf(groundState(qubits));
}

function stateOf(amplitudes: Amplitudes): QuantumState {
  const fused = fuser((gate) => applyGate(amplitudes, gate));
  return {
    apply: (gate: Gate) => fused.take(gate),
    probabilityOfOne(qubit) {
      fused.flush();
      return probabilityOfOne(amplitudes, qubit);
    },
    collapse(qubit, outcome) {
      fused.flush();
      project(amplitudes, qubit, outcome);
    },
    copy() {
      fused.flush();
      return stateOf({ qubits: amplitudes.qubits, re: amplitudes.re.slice(), im: amplitudes.im.slice() });
    },
    sample(qubits: readonly number[], shots: number, random: Random, tell) {
      fused.flush();
      const outcome = new Uint8Array(qubits.length);
      return sampleIndices(amplitudes, shots, random, (index, count) => {
        for (let at = 0; at < qubits.length; at++) outcome[at] = (index >>> (qubits[at] as number)) & 1;
        tell(outcome, count);
      });
    },
    expectation(paulis: PauliTerm['paulis']) {
      fused.flush();
      return pauliExpectation(amplitudes, paulis);
    },
  };
}
