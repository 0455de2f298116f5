import type { Slot, Value } from '../ir.ts';
import { copyValue } from '../values/index.ts';

/** Qubits that a slot stands for, by their numbers. Never changed in place. */
export type QubitList = Int32Array;

/**
 * The variables of the program or of one running subroutine. A value is changed in place only while the frame owns it; copies of a
 * run share values until one of them writes.
 */
export class Frame {
  readonly slots: readonly Slot[];
  readonly #values: (Value | undefined)[];
  #owned: Uint8Array;

  constructor(slots: readonly Slot[], values: (Value | undefined)[]) {
    this.slots = slots;
    this.#values = values;
    this.#owned = new Uint8Array(slots.length);
  }

  /** Shares all values with the copy: neither owns them any more. */
  copy(): Frame {
    this.#owned.fill(0);
    return new Frame(this.slots, this.#values.slice());
  }

  /** The value itself: to be read, not changed. */
  get(slot: number): Value {
    const value = this.#values[slot];
    if (value === undefined)
      throw new RangeError(`slot ${slot} (${this.slots[slot]?.name}) holds nothing yet`);
    return value;
  }

  getQubits(slot: number): QubitList {
    return this.get(slot) as QubitList;
  }

  /** Puts in a value that others may hold too. */
  share(slot: number, value: Value): void {
    this.#values[slot] = value;
    this.#owned[slot] = 0;
  }

  /** Puts in a copy. */
  set(slot: number, value: Value): void {
    this.#values[slot] = copyValue(value);
    this.#owned[slot] = 1;
  }

  /** The value to be changed in place. */
  own(slot: number): Value {
    if (this.#owned[slot] === 0) this.set(slot, this.get(slot));
    return this.get(slot);
  }
}
