import type { QuantumState } from '../engine/state.ts';
import { NotServed } from '../engine/state.ts';
import { cliffordAction } from './clifford.ts';
import { anticommuting, expectationOf, projectOn } from './measure.ts';
import { sampleTableau } from './sample.ts';
import { applyAction, copyTableau, groundTableau, type Tableau } from './tableau.ts';

/** A stabilizer state of `qubits` qubits, all 0 at first. Gates that are not Clifford are not served. */
export function stabilizerState(qubits: number): QuantumState {
  return stateOf(groundTableau(qubits));
}

function stateOf(tableau: Tableau): QuantumState {
  return {
    apply(gate) {
      const action = cliffordAction(gate);
      if (action === undefined) {
        const parameters = gate.parameters.length > 0 ? `(${gate.parameters.join(', ')})` : '';
        throw new NotServed(
          `the gate ${gate.name}${parameters} is not Clifford`,
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
