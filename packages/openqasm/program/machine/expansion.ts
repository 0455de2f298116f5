import type { Span } from '../../source/diagnostic.ts';
import type { Operation } from '../operation.ts';
import type { Budget } from './budget.ts';
import { type Call, directed, gateOperation, type Polarity, type Shape } from './shape.ts';

/** One gate body being walked through. */
type Level = {
  readonly calls: readonly Call[];
  /** The next call; counts down where `inverse`. */
  at: number;
  readonly inverse: boolean;
  repeat: number;
  /** What the body's places stand for; undefined at the outermost level. */
  readonly qubits: readonly number[] | undefined;
  readonly controls: readonly number[];
  readonly polarity: Polarity | undefined;
};

const NONE: readonly number[] = [];

/** Walks through calls of gates down to operations, one at a time, on a stack of its own: any depth, no memory but the depth. */
export class Expansion {
  readonly #levels: Level[] = [];

  readonly #span: Span;

  /**
   * @param calls on the qubits' own numbers
   * @param span the call in the program: what a failure inside points at
   */
  constructor(calls: readonly Call[], span: Span) {
    this.#span = span;
    this.#enter(calls, false, 1, undefined, NONE, undefined);
  }

  copy(): Expansion {
    const copy = new Expansion([], this.#span);
    for (const level of this.#levels) copy.#levels.push({ ...level });
    return copy;
  }

  next(budget: Budget): Operation | undefined {
    for (let level = this.#levels.at(-1); level; level = this.#levels.at(-1)) {
      const call = level.calls[level.at];
      if (call === undefined) {
        // Bodies without operations cost no operations: their rounds are counted here.
        budget.step(this.#span);
        if (--level.repeat > 0) level.at = level.inverse ? level.calls.length - 1 : 0;
        else this.#levels.pop();
        continue;
      }
      level.at += level.inverse ? -1 : 1;
      const operation = this.#run(call, level, budget);
      if (operation) return operation;
    }
    return undefined;
  }

  #run(call: Call, level: Level, budget: Budget): Operation | undefined {
    const map = level.qubits;
    const qubits = map ? call.qubits.map((at) => map[at] as number) : call.qubits;
    if (call.kind === 'barrier') return { kind: 'barrier', qubits };
    if (call.kind === 'delay') return { kind: 'delay', qubits, seconds: call.seconds };
    const { shape } = call;
    if (shape.core !== undefined) {
      const core = directed(shape.core, level.inverse);
      if (level.controls.length === 0) return gateOperation(core, shape.controls, shape.polarity, qubits);
      const controls = level.controls.length + shape.controls;
      return gateOperation(core, controls, joinPolarity(level, shape), [...level.controls, ...qubits]);
    }
    this.#enter(
      shape.body.calls(budget),
      shape.inverse !== level.inverse,
      shape.repeat,
      qubits.slice(shape.controls),
      [...level.controls, ...qubits.slice(0, shape.controls)],
      joinPolarity(level, shape),
    );
    return undefined;
  }

  #enter(
    calls: readonly Call[],
    inverse: boolean,
    repeat: number,
    qubits: readonly number[] | undefined,
    controls: readonly number[],
    polarity: Polarity | undefined,
  ): void {
    if (calls.length === 0) return;
    const at = inverse ? calls.length - 1 : 0;
    this.#levels.push({ calls, at, inverse, repeat, qubits, controls, polarity });
  }
}

function joinPolarity(level: Level, shape: Shape): Polarity | undefined {
  if (level.polarity === undefined && shape.polarity === undefined) return undefined;
  const ones = (count: number): Polarity => new Array<1>(count).fill(1);
  return [...(level.polarity ?? ones(level.controls.length)), ...(shape.polarity ?? ones(shape.controls))];
}
