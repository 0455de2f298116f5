import type { Gate } from '@quantum-hub/openqasm';
import type { QuantumState } from '../engine/state.ts';
import { NotServed } from '../engine/state.ts';
import { applyAction } from './apply.ts';
import { cliffordAction } from './clifford.ts';
import { anticommuting, expectationOf, projectOn } from './measure.ts';
import { sampleTableau } from './sample.ts';
import { copyTableau, groundTableau, type Tableau } from './tableau.ts';

/** A stabilizer state of `qubits` qubits, all 0 at first. Gates that are not Clifford are not served. */
export function stabilizerState(qubits: number): QuantumState {
  return stateOf(groundTableau(qubits));
}

function stateOf(tableau: Tableau): QuantumState {
  return {
    apply(gate) {
      const action = cliffordAction(gate);
      if (action === undefined) {
        throw new NotServed(
          `${named(gate)} is not a Clifford gate`,
          'h, s, x, y, z, cx, cz, swap and what is made of them',
        );
      }
      applyAction(tableau, action);
    },
    probabilityOfOne(qubit) {
      if (anticommuting(tableau, qubit) !== undefined) return 0.5;
      return expectationOf(tableau, { [qubit]: 'Z' }) === -1 ? 1 : 0;
    },
    collapse(qubit, outcome) {
      const pivot = anticommuting(tableau, qubit);
      if (pivot !== undefined) projectOn(tableau, qubit, pivot, outcome);
    },
    copy: () => stateOf(copyTableau(tableau)),
    sample: (qubits, shots, random, tell) => sampleTableau(tableau, qubits, shots, random, tell),
    expectation: (paulis) => expectationOf(tableau, paulis),
  };
}

/** As OpenQASM 3 would write it: ctrl(2) @ x. */
function named({ name, parameters, controls }: Gate): string {
  const control =
    controls.length === 0 ? '' : controls.length === 1 ? 'ctrl @ ' : `ctrl(${controls.length}) @ `;
  return `${control}${name}${parameters.length > 0 ? `(${parameters.join(', ')})` : ''}`;
}
