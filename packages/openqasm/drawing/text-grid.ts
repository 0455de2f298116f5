import type { Wire } from './circuit.ts';
import type { Letters } from './text-style.ts';

const ROWS = 3;

/** A sheet of letters: three rows a wire, one row above and below for each frame that may lie in another. */
export class Grid {
  readonly #letters: Letters;
  readonly #rows: string[][];
  readonly #left: number;
  readonly #width: number;
  readonly #frames: number;

  constructor(letters: Letters, head: number, width: number, wires: readonly Wire[], frames: number) {
    this.#letters = letters;
    this.#left = head;
    this.#width = width;
    this.#frames = frames;
    const height = ROWS * wires.length + 2 * frames;
    this.#rows = Array.from({ length: height }, () => new Array<string>(head + width + 2).fill(' '));
    for (const [wire, { kind }] of wires.entries()) {
      for (let x = -1; x < width; x++)
        this.#put(x, this.#middle(wire), kind === 'bits' ? letters.bits : letters.wire);
    }
  }

  head(wire: number, text: string): void {
    const row = this.#rows[this.#middle(wire)] as string[];
    const padded = [...text.padStart(this.#left)];
    for (const [at, letter] of padded.entries()) row[at] = letter;
  }

  /** A line from wire to wire, through those between. */
  line(x: number, top: number, bottom: number, letter: string, cross: string): void {
    const [from, to] = top < bottom ? [top, bottom] : [bottom, top];
    for (let y = this.#middle(from); y <= this.#middle(to); y++) {
      this.#put(x, y, (y - this.#frames) % ROWS === 1 ? cross : letter);
    }
  }

  mark(x: number, wire: number, letter: string): void {
    this.#put(x, this.#middle(wire), letter);
  }

  word(x: number, wire: number, text: string): void {
    for (const [at, letter] of [...text].entries()) this.#put(x + at, this.#middle(wire), letter);
  }

  under(x: number, wire: number, text: string): void {
    for (const [at, letter] of [...text].entries()) this.#put(x + at, this.#middle(wire) + 1, letter);
  }

  bar(x: number, wire: number, letter: string): void {
    for (let row = -1; row <= 1; row++) this.#put(x, this.#middle(wire) + row, letter);
  }

  /**
   * A box over wires. Wires between that it does not hold are crossed by it with their line going on.
   *
   * @param reach the topmost and lowest wire of the whole element: the box keeps an opening towards them
   */
  box(middle: number, wires: readonly number[], label: string, reach: readonly [number, number]): void {
    const [first, last] = [Math.min(...wires), Math.max(...wires)];
    const width = [...label].length + 4;
    const x = middle - (width >> 1);
    const [topLeft, topRight, bottomRight, bottomLeft, edge] = this.#letters.box;
    const [top, bottom] = [this.#middle(first) - 1, this.#middle(last) + 1];
    for (let column = x + 1; column < x + width - 1; column++) {
      for (let y = top; y <= bottom; y++) this.#put(column, y, y === top || y === bottom ? edge : ' ');
    }
    for (let y = top + 1; y < bottom; y++) {
      const wire = (y - 1 - this.#frames) / ROWS;
      const joined = wires.includes(wire);
      this.#put(x, y, joined ? this.#letters.left : this.#letters.line);
      this.#put(x + width - 1, y, joined ? this.#letters.right : this.#letters.line);
    }
    this.#put(x, top, topLeft);
    this.#put(x + width - 1, top, topRight);
    this.#put(x + width - 1, bottom, bottomRight);
    this.#put(x, bottom, bottomLeft);
    if (reach[0] < first) this.#put(middle, top, this.#letters.up);
    if (reach[1] > last) this.#put(middle, bottom, this.#letters.down);
    const letters = [...label];
    const start = x + 1 + ((width - 2 - letters.length) >> 1);
    const row = (top + bottom) >> 1;
    for (const [at, letter] of letters.entries()) this.#put(start + at, row, letter);
  }

  /** The edges of a frame; undefined where it goes on in another strip. */
  frame(depth: number, left: number | undefined, right: number | undefined, label: string): void {
    const [topLeft, topRight, bottomRight, bottomLeft, edge, side] = this.#letters.frame;
    const [top, bottom] = [depth, this.#rows.length - 1 - depth];
    const [from, to] = [left ?? -1, right ?? this.#width];
    for (let x = from; x <= to; x++) {
      this.#put(x, top, edge);
      this.#put(x, bottom, edge);
    }
    for (const [x, ends] of [
      [from, [topLeft, bottomLeft]],
      [to, [topRight, bottomRight]],
    ] as const) {
      if ((x === from ? left : right) === undefined) continue;
      for (let y = top + 1; y < bottom; y++) this.#put(x, y, side);
      this.#put(x, top, ends[0]);
      this.#put(x, bottom, ends[1]);
    }
    for (const [at, letter] of [...` ${label} `].entries()) this.#put(from + 2 + at, top, letter);
  }

  /** Marks that wires go on. */
  more(): void {
    for (let y = 1 + this.#frames; y < this.#rows.length - this.#frames; y += ROWS) {
      this.#put(this.#width, y, this.#letters.more);
    }
  }

  text(): string {
    return this.#rows.map((row) => row.join('').trimEnd()).join('\n');
  }

  #middle(wire: number): number {
    return this.#frames + ROWS * wire + 1;
  }

  #put(x: number, y: number, letter: string): void {
    const row = this.#rows[y];
    const at = this.#left + x + 1;
    if (row && at >= this.#left && at < row.length) row[at] = letter;
  }
}
