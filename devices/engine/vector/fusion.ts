import type { Gate } from '@quantum-hub/openqasm';

/**
 * Holds back gates on a single qubit and multiplies them together: a run of them on one qubit costs one pass over the state
 * instead of one each. Gates of several qubits push out what is held back on theirs.
 */
export function fuser(apply: (gate: Gate) => void): { take(gate: Gate): void; flush(): void } {
  const held = new Map<number, Gate>();
  const release = (qubit: number) => {
    const gate = held.get(qubit);
    if (gate === undefined) return;
    held.delete(qubit);
    apply(gate);
  };
  return {
    take(gate) {
      const [target] = gate.targets;
      if (gate.controls.length === 0 && gate.targets.length === 1 && target !== undefined) {
        const before = held.get(target);
        held.set(target, before ? product(before, gate) : gate);
        return;
      }
      for (const qubit of gate.controls) release(qubit);
      for (const qubit of gate.targets) release(qubit);
      apply(gate);
    },
    flush() {
      for (const qubit of [...held.keys()]) release(qubit);
    },
  };
}

/** `later` after `earlier`, both 2 x 2. */
function product(earlier: Gate, later: Gate): Gate {
  const matrix = new Float64Array(8);
  for (let row = 0; row < 2; row++) {
    for (let column = 0; column < 2; column++) {
      for (let k = 0; k < 2; k++) {
        const [lr, li] = entry(later.matrix, row, k);
        const [er, ei] = entry(earlier.matrix, k, column);
        matrix[4 * row + 2 * column] = (matrix[4 * row + 2 * column] as number) + lr * er - li * ei;
        matrix[4 * row + 2 * column + 1] = (matrix[4 * row + 2 * column + 1] as number) + lr * ei + li * er;
      }
    }
  }
  return { ...later, name: 'u', parameters: [], matrix };
}

function entry(matrix: Float64Array, row: number, column: number): [number, number] {
  return [matrix[4 * row + 2 * column] as number, matrix[4 * row + 2 * column + 1] as number];
}
