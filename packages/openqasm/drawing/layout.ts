import { type Circuit, type Element, extent, type Frame, type Wire } from './circuit.ts';

/** Puts elements into columns, each as far left as the wires that it crosses allow. */
export class Layout {
  readonly #wires: readonly Wire[];
  readonly #most: number;
  readonly #columns: Element[][] = [];
  readonly #frames: Frame[] = [];
  readonly #open: { label: string; from: number }[] = [];
  /** By wire: the first column that is free from there on. */
  readonly #free: number[];
  #full = false;

  constructor(wires: readonly Wire[], mostColumns: number) {
    this.#wires = wires;
    this.#most = mostColumns;
    this.#free = new Array<number>(wires.length).fill(0);
  }

  /** Whether there is no room for more. */
  get full(): boolean {
    return this.#full;
  }

  place(element: Element): void {
    if (this.#full || this.#wires.length === 0) return;
    const [top, bottom] = extent(element);
    const column = Math.max(...this.#free.slice(top, bottom + 1));
    if (column >= this.#most) {
      this.#full = true;
      return;
    }
    while (this.#columns.length <= column) this.#columns.push([]);
    this.#columns[column]?.push(element);
    this.#free.fill(column + 1, top, bottom + 1);
  }

  open(label: string): void {
    this.#open.push({ label, from: this.#align() });
  }

  close(): void {
    const frame = this.#open.pop();
    if (frame === undefined || frame.from >= this.#most) return;
    // An empty block is a frame, too.
    if (this.#columns.length === frame.from) {
      this.#columns.push([]);
      this.#free.fill(frame.from + 1);
    }
    const to = this.#align() - 1;
    this.#frames.push({ label: frame.label, from: frame.from, to, depth: this.#open.length });
  }

  finish(hiddenQubits: number): Circuit {
    while (this.#open.length > 0) this.close();
    return {
      wires: this.#wires,
      columns: this.#columns,
      frames: this.#frames.sort((a, b) => a.depth - b.depth || a.from - b.from),
      omitted: { columns: this.#full, qubits: hiddenQubits },
    };
  }

  /** Makes all wires wait for the last one, so that nothing slips into or out of a frame. */
  #align(): number {
    const column = Math.max(0, ...this.#free, this.#columns.length);
    this.#free.fill(column);
    return column;
  }
}
