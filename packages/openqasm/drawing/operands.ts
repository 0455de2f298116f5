import type { Expr, Qubits, Selector, Unit } from '../program/ir.ts';
import { rangeIndices, resolveIndex, ValueError } from '../program/values/index.ts';

/** What is known of qubits without running the program: registers, and aliases of fixed parts of them. */
export class KnownQubits {
  readonly #lists = new Map<number, readonly number[]>();

  constructor(unit: Unit) {
    for (const { slot, first, size } of unit.qubits) {
      this.#lists.set(
        slot,
        Array.from({ length: size }, (_, i) => first + i),
      );
    }
  }

  /** `let`: forgets the slot where its qubits are not known. */
  alias(slot: number, qubits: Qubits): void {
    const list = this.of(qubits);
    if (list) this.#lists.set(slot, list);
    else this.#lists.delete(slot);
  }

  /** The qubits' numbers, or undefined where they hang on something known at run time only. */
  of(qubits: Qubits): readonly number[] | undefined {
    if (qubits.kind === 'joined-qubits') {
      const parts = qubits.parts.map((part) => this.of(part));
      return parts.every((part) => part !== undefined) ? parts.flat() : undefined;
    }
    const { frame, slot, selectors } = qubits.place;
    const list = frame === 'global' ? this.#lists.get(slot) : undefined;
    return list && selectors.reduce<readonly number[] | undefined>(pick, list);
  }

  /** All that the operand may be: its register, at least. */
  possible(qubits: Qubits): readonly number[] {
    if (qubits.kind === 'joined-qubits') return qubits.parts.flatMap((part) => this.possible(part));
    return this.of(qubits) ?? this.#lists.get(qubits.place.slot) ?? [];
  }
}

/** The places of constant selectors in a list, or undefined. */
export function constantPlaces(selectors: readonly Selector[], size: number): readonly number[] | undefined {
  const all: readonly number[] = Array.from({ length: size }, (_, at) => at);
  return selectors.reduce<readonly number[] | undefined>(pick, all);
}

function pick(list: readonly number[] | undefined, selector: Selector): readonly number[] | undefined {
  if (list === undefined) return undefined;
  try {
    return places(selector, list.length)?.map((at) => list[at] as number);
  } catch (error) {
    // Outside of the register: the run tells it with its place; the drawing goes on.
    if (error instanceof ValueError) return undefined;
    throw error;
  }
}

function places(selector: Selector, size: number): readonly number[] | undefined {
  switch (selector.kind) {
    case 'index': {
      const index = constant(selector.index);
      return index === undefined ? undefined : [resolveIndex(index, size, '')];
    }
    case 'set': {
      const indices = selector.indices.map(constant);
      if (!indices.every((index) => index !== undefined)) return undefined;
      return indices.map((index) => resolveIndex(index, size, ''));
    }
    case 'range': {
      const { from, step, to } = selector;
      if ([from, step, to].some((end) => end && constant(end) === undefined)) return undefined;
      const ends = { from: from && constant(from), step: step && constant(step), to: to && constant(to) };
      return rangeIndices(ends, size, '');
    }
  }
}

function constant(expr: Expr): bigint | undefined {
  return expr.kind === 'constant' && typeof expr.value === 'bigint' ? expr.value : undefined;
}
