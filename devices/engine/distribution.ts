import { bitstrings } from './bitstring.ts';
import type { Simulation } from './counts.ts';
import { divideShare } from './divide.ts';
import { type Branch, follow } from './follow.ts';
import type { QuantumState } from './state.ts';

const LEAST_SHARE = 1e-15;

/**
 * The exact distribution of a program's outcomes, all ways followed: for small programs, as an oracle. Probabilities below 1e-12 are
 * left out.
 */
export function exactDistribution(simulation: Simulation): Record<string, number> {
  const distribution = new Map<string, number>();
  const ways = follow({
    ...simulation,
    amount: 1,
    divide: divideShare(LEAST_SHARE),
    leaf(branch) {
      addLeaf(simulation, branch, distribution);
      return [];
    },
  });
  for (const _ of ways);
  return Object.fromEntries([...distribution].filter(([, probability]) => probability > 1e-12));
}

function addLeaf(simulation: Simulation, branch: Branch, distribution: Map<string, number>): void {
  const cells = branch.run.bits();
  const ids = [...new Set([...cells].filter((cell) => cell >= 2).map((cell) => cell - 2))];
  const qubits = [...new Set(ids.map((id) => branch.qubitOf.get(id) as number))];
  const text = bitstrings(simulation.registers);
  const readings = (
    outcomes: ReadonlyMap<number, 0 | 1>,
    left: readonly number[],
    read: Map<number, number>,
    share: number,
  ) => {
    const [id, ...more] = left;
    if (id === undefined) {
      for (let cell = 0; cell < cells.length; cell++) {
        const value = cells[cell] as number;
        text.set(cell, value < 2 ? value : (read.get(value - 2) as number));
      }
      const key = text.read();
      distribution.set(key, (distribution.get(key) ?? 0) + share);
      return;
    }
    const qubit = branch.qubitOf.get(id) as number;
    const outcome = outcomes.get(qubit) as 0 | 1;
    const error = simulation.misread?.(qubit, outcome) ?? 0;
    if (error < 1) readings(outcomes, more, new Map(read).set(id, outcome), share * (1 - error));
    if (error > 0) readings(outcomes, more, new Map(read).set(id, 1 - outcome), share * error);
  };
  eachOutcome(branch.state, qubits, branch.amount, new Map(), (outcomes, share) =>
    readings(outcomes, ids, new Map(), share),
  );
}

/** All outcomes of measuring `qubits` one after another, each with its share. */
function eachOutcome(
  state: QuantumState,
  qubits: readonly number[],
  share: number,
  outcomes: ReadonlyMap<number, 0 | 1>,
  tell: (outcomes: ReadonlyMap<number, 0 | 1>, share: number) => void,
): void {
  const [qubit, ...more] = qubits;
  if (qubit === undefined) {
    tell(outcomes, share);
    return;
  }
  const one = state.probabilityOfOne(qubit);
  for (const [outcome, probability] of [
    [0, 1 - one],
    [1, one],
  ] as const) {
    if (share * probability < LEAST_SHARE) continue;
    const copy = state.copy();
    copy.collapse(qubit, outcome);
    eachOutcome(copy, more, share * probability, new Map(outcomes).set(qubit, outcome), tell);
  }
}
