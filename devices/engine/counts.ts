import type { ResultRegister } from '@quantum-hub/execution/ports';
import { bitstrings } from './bitstring.ts';
import { divideShots } from './divide.ts';
import { type Branch, follow, type Plan } from './follow.ts';
import type { Random } from './random.ts';

/** What a device brings to a simulation; the rest is the same for all. */
export type Simulation = Pick<Plan, 'begin' | 'copies' | 'after' | 'misread' | 'onWay'> & {
  readonly registers: readonly ResultRegister[];
  readonly random: Random;
  /** Told whenever a way is at its end: share of the shots done, 0 to 1. */
  readonly onProgress: (share: number) => void;
};

/** Runs all shots; how often each bitstring came. (Sorted, but an object puts keys that look like numbers first.) */
export function* simulateCounts(
  simulation: Simulation,
  shots: number,
): Generator<void, Record<string, number>> {
  const counts = new Map<string, number>();
  let done = 0;
  yield* follow({
    ...simulation,
    amount: shots,
    divide: divideShots(simulation.random),
    *leaf(branch) {
      yield* sampleLeaf(simulation, branch, counts);
      done += branch.amount;
      simulation.onProgress(done / shots);
    },
  });
  return Object.fromEntries([...counts].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Samples what is still pending, and fills it into the bits that are known. */
function* sampleLeaf(simulation: Simulation, branch: Branch, counts: Map<string, number>): Generator<void> {
  const cells = branch.run.bits();
  const text = bitstrings(simulation.registers);
  const open: { cell: number; qubit: number; id: number }[] = [];
  for (let cell = 0; cell < cells.length; cell++) {
    const value = cells[cell] as number;
    if (value < 2) text.set(cell, value);
    else open.push({ cell, qubit: branch.qubitOf.get(value - 2) as number, id: value - 2 });
  }
  const add = (count: number) => {
    const key = text.read();
    counts.set(key, (counts.get(key) ?? 0) + count);
  };
  if (open.length === 0) {
    add(branch.amount);
    return;
  }
  const qubits = [...new Set(open.map(({ qubit }) => qubit))];
  const place = new Map(qubits.map((qubit, index) => [qubit, index]));
  const write = (outcome: Uint8Array, flipped: ReadonlySet<number>) => {
    for (const { cell, qubit, id } of open) {
      const bit = outcome[place.get(qubit) as number] as number;
      text.set(cell, flipped.has(id) ? 1 - bit : bit);
    }
  };
  yield* branch.state.sample(qubits, branch.amount, simulation.random, (outcome, count) => {
    if (simulation.misread === undefined) {
      write(outcome, new Set());
      add(count);
      return;
    }
    for (let shot = 0; shot < count; shot++) {
      write(
        outcome,
        misreadings(simulation, open, (qubit) => outcome[place.get(qubit) as number] as 0 | 1),
      );
      add(1);
    }
  });
}

/** Which measurements report the other outcome in one shot; each once, however many bits it was copied to. */
function misreadings(
  { misread, random }: Simulation,
  open: readonly { qubit: number; id: number }[],
  outcomeOf: (qubit: number) => 0 | 1,
): Set<number> {
  const flipped = new Set<number>();
  const seen = new Set<number>();
  for (const { qubit, id } of open) {
    if (seen.has(id)) continue;
    seen.add(id);
    if (random.uniform() < (misread?.(qubit, outcomeOf(qubit)) ?? 0)) flipped.add(id);
  }
  return flipped;
}
