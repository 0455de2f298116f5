import type { Qubits } from '../program/ir.ts';

type Key = { readonly name: string; readonly index: number | undefined };

/**
 * Qubits that were measured before, as far as is known without running: single ones by constant index, otherwise all of their
 * register. An alias stands for all of the registers that it is made of; qubits of a subroutine are its own.
 */
export class MeasuredQubits {
  /** By register: where it was measured as a whole. */
  readonly #whole = new Map<string, number>();
  /** By register and index: where it was measured. */
  readonly #single = new Map<string, Map<number, number>>();
  readonly #aliases = new Map<string, readonly string[]>();

  /** Notes the measurement that stands at offset `at`; true where another one measured one of the qubits before. */
  measure(qubits: Qubits, frame: number, at: number): boolean {
    let again = false;
    for (const { name, index } of this.#keysOf(qubits, frame)) {
      const before =
        this.#whole.get(name) ?? (index === undefined ? undefined : this.#single.get(name)?.get(index));
      if (before !== undefined && before !== at) again = true;
      if (index === undefined) this.#whole.set(name, this.#whole.get(name) ?? at);
      else this.#note(name, index, at);
    }
    return again;
  }

  isMeasured(qubits: Qubits, frame: number): boolean {
    return this.#keysOf(qubits, frame).some(({ name, index }) => {
      if (this.#whole.has(name)) return true;
      const single = this.#single.get(name);
      return single !== undefined && (index === undefined || single.has(index));
    });
  }

  /** `slot` stands for these qubits from now on. */
  alias(slot: number, qubits: Qubits, frame: number): void {
    const names = this.#keysOf(qubits, frame).map(({ name }) => name);
    this.#aliases.set(`${frame} ${slot}`, names);
  }

  #note(name: string, index: number, at: number): void {
    let single = this.#single.get(name);
    if (single === undefined) {
      single = new Map();
      this.#single.set(name, single);
    }
    if (!single.has(index)) single.set(index, at);
  }

  #keysOf(qubits: Qubits, frame: number): readonly Key[] {
    if (qubits.kind === 'joined-qubits') return qubits.parts.flatMap((part) => this.#keysOf(part, frame));
    const { place } = qubits;
    const name = `${place.frame === 'global' ? -1 : frame} ${place.slot}`;
    const aliased = this.#aliases.get(name);
    if (aliased !== undefined) return aliased.map((each) => ({ name: each, index: undefined }));
    const [selector] = place.selectors;
    if (selector === undefined) return [{ name, index: qubits.lone ? 0 : undefined }];
    const isOne =
      place.selectors.length === 1 && selector.kind === 'index' && selector.index.kind === 'constant';
    return [{ name, index: isOne ? Number(selector.index.value) : undefined }];
  }
}
