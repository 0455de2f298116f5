import { Need } from './failure.ts';

const UNKNOWN = 2;

/** The outcomes of a run's measurements by their ids, where known. Copies of a run share the list until one of them learns more. */
export class Outcomes {
  #cells = new Uint8Array(16);
  #shared = false;
  #count = 0;

  copy(): Outcomes {
    const copy = new Outcomes();
    copy.#cells = this.#cells;
    copy.#count = this.#count;
    copy.#shared = true;
    this.#shared = true;
    return copy;
  }

  /** How many measurements there were. */
  get count(): number {
    return this.#count;
  }

  /** A new measurement's id. */
  add(): number {
    this.#own(this.#count + 1);
    this.#cells[this.#count] = UNKNOWN;
    return this.#count++;
  }

  /** @throws RangeError for an id that was never given out */
  resolve(id: number, outcome: 0 | 1): void {
    if (!(id >= 0 && id < this.#count)) throw new RangeError(`there is no measurement ${id}`);
    this.#own(this.#count);
    this.#cells[id] = outcome;
  }

  /** A cell of a bit string (`Value`): 0 or 1 where it can be told, otherwise as it is. */
  read(cell: number): number {
    if (cell < 2) return cell;
    const outcome = this.#cells[cell - 2] as number;
    return outcome === UNKNOWN ? cell : outcome;
  }

  /** The bits with every cell known. @throws Need for the first one that is not */
  known(bits: Int32Array): Int32Array {
    let result = bits;
    for (let at = 0; at < bits.length; at++) {
      const cell = bits[at] as number;
      if (cell < 2) continue;
      const outcome = this.read(cell);
      if (outcome >= 2) throw new Need(cell - 2);
      if (result === bits) result = bits.slice();
      result[at] = outcome;
    }
    return result;
  }

  #own(room: number): void {
    if (!this.#shared && room <= this.#cells.length) return;
    const cells = new Uint8Array(room <= this.#cells.length ? this.#cells.length : 2 * room);
    cells.set(this.#cells.subarray(0, this.#count));
    this.#cells = cells;
    this.#shared = false;
  }
}
