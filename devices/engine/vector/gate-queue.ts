import type { Gate } from '@quantum-hub/openqasm';
import { type Pass, takePass } from './passes.ts';
import { windowOf } from './windows.ts';

/**
 * Gates on their way to a state. Those on a single qubit are held back and multiplied together until a gate of several qubits needs
 * theirs; then all wait in a window for others that can share a pass over the memory. When a gate is done depends on the gates
 * alone, never on time or memory: rounding, and with it the counts of a seed, are the same on every machine.
 */
export class GateQueue {
  readonly #qubits: number;
  readonly #run: (pass: Pass) => void;
  readonly #held: Map<number, Gate>;
  readonly #waiting: Gate[];

  /** @param run goes over the state of `qubits` qubits */
  constructor(
    qubits: number,
    run: (pass: Pass) => void,
    held: Iterable<[number, Gate]> = [],
    waiting: readonly Gate[] = [],
  ) {
    this.#qubits = qubits;
    this.#run = run;
    this.#held = new Map(held);
    this.#waiting = [...waiting];
  }

  /** Goes over the state when the window is full. */
  take(gate: Gate): void {
    const [target] = gate.targets;
    if (gate.controls.length === 0 && gate.targets.length === 1 && target !== undefined) {
      const before = this.#held.get(target);
      this.#held.set(target, before ? product(before, gate) : gate);
      return;
    }
    for (const qubit of [...gate.controls, ...gate.targets]) this.#release(qubit);
    this.#waiting.push(gate);
    if (this.#waiting.length >= windowOf(this.#qubits)) this.#pass();
  }

  /** Everything that was taken, done; pauses between passes. */
  *passes(): Generator<void> {
    for (const qubit of [...this.#held.keys()]) this.#release(qubit);
    while (this.#waiting.length > 0) {
      this.#pass();
      yield;
    }
  }

  flush(): void {
    if (this.#held.size === 0 && this.#waiting.length === 0) return;
    for (const _ of this.passes());
  }

  /** With the same gates waiting, for a copy of the state. */
  copy(run: (pass: Pass) => void): GateQueue {
    return new GateQueue(this.#qubits, run, this.#held, this.#waiting);
  }

  #pass(): void {
    this.#run(takePass(this.#waiting, this.#qubits));
  }

  #release(qubit: number): void {
    const gate = this.#held.get(qubit);
    if (gate === undefined) return;
    this.#held.delete(qubit);
    this.#waiting.push(gate);
  }
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
