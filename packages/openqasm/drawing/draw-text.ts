import { type Circuit, type Element, extent, type Frame } from './circuit.ts';
import { Grid } from './text-grid.ts';
import { ASCII, type Letters, toAscii, UNICODE } from './text-style.ts';

export type TextOptions = {
  /** Letters in a line, 100 by default; longer circuits go on below. Never narrower than one column and its labels. */
  readonly width?: number;
  /** Only ASCII letters. */
  readonly ascii?: boolean;
};

/** Where columns lie in one strip: how far from its left edge, and how wide. */
type Columns = { readonly x: readonly number[]; readonly width: readonly number[]; readonly total: number };

/** The circuit in box-drawing characters, wrapped to a width: lines without trailing spaces, one newline at the end. */
export function drawText(circuit: Circuit, options: TextOptions = {}): string {
  const letters = options.ascii ? ASCII : UNICODE;
  const said = options.ascii ? toAscii : (label: string) => label;
  const heads = circuit.wires.map((wire) => {
    if (wire.kind === 'qubit') return `${said(wire.label)}: `;
    return wire.size === 1 ? `${said(wire.label)}: ` : `${said(wire.label)}[${wire.size}]: `;
  });
  const head = Math.max(0, ...heads.map((text) => [...text].length));
  const widths = circuit.columns.map(
    (column) => Math.max(3, ...column.map((element) => widthOf(element, said))) + 2,
  );
  const room = Math.max(20, (options.width ?? 100) - head - 2);
  const strips = splitColumns(circuit, widths, room, said);
  const painter = { circuit, letters, said, heads, head, widths };
  const drawn = strips.map(([from, to]) => drawStrip(painter, from, to));
  if (circuit.omitted.qubits > 0) drawn.push(`${letters.more} ${circuit.omitted.qubits} more qubits`);
  return `${drawn.join('\n\n')}\n`;
}

type Painter = {
  readonly circuit: Circuit;
  readonly letters: Letters;
  readonly said: (label: string) => string;
  readonly heads: readonly string[];
  readonly head: number;
  readonly widths: readonly number[];
};

function widthOf(element: Element, said: (label: string) => string): number {
  if (element.kind === 'gate' || element.kind === 'note') return [...said(element.label)].length + 4;
  return element.kind === 'measure' || element.kind === 'reset' ? 5 : 3;
}

/** Frames add two letters where they begin and where they end, and as many as their label lacks. */
function placeColumns(
  painter: Pick<Painter, 'circuit' | 'widths' | 'said'>,
  from: number,
  to: number,
): Columns {
  const x: number[] = [];
  const width = painter.widths.slice(from, to);
  const inside = painter.circuit.frames.filter((frame) => frame.to >= from && frame.from < to);
  const lay = (): number => {
    let at = 0;
    for (let column = from; column < to; column++) {
      at += 2 * inside.filter((frame) => frame.from === column).length;
      x[column - from] = at;
      at += width[column - from] as number;
      at += 2 * inside.filter((frame) => frame.to === column).length;
    }
    return at;
  };
  let total = lay();
  for (const frame of inside.toReversed()) {
    const first = Math.max(frame.from, from) - from;
    const last = Math.min(frame.to, to - 1) - from;
    const room = (x[last] as number) + (width[last] as number) - (x[first] as number);
    const wanted = [...painter.said(frame.label)].length + 4;
    if (room < wanted) width[last] = (width[last] as number) + wanted - room;
    total = lay();
  }
  return { x, width, total };
}

function splitColumns(
  circuit: Circuit,
  widths: readonly number[],
  room: number,
  said: (label: string) => string,
): readonly (readonly [number, number])[] {
  const strips: [number, number][] = [];
  let from = 0;
  for (let to = 1; to <= widths.length; to++) {
    const fits = to === from + 1 || placeColumns({ circuit, widths, said }, from, to).total <= room;
    if (fits) continue;
    strips.push([from, to - 1]);
    from = to - 1;
  }
  strips.push([from, widths.length]);
  return strips;
}

function drawStrip(painter: Painter, from: number, to: number): string {
  const { circuit, letters, head } = painter;
  const columns = placeColumns(painter, from, to);
  const frames = circuit.frames.filter((frame) => frame.to >= from && frame.from < to);
  const depth = Math.max(0, ...frames.map((frame) => frame.depth + 1));
  const grid = new Grid(letters, head, columns.total, circuit.wires, depth);
  for (const [wire, text] of painter.heads.entries()) grid.head(wire, text);
  for (let column = from; column < to; column++) {
    for (const element of circuit.columns[column] ?? []) {
      const x = columns.x[column - from] as number;
      drawElement(grid, element, x, columns.width[column - from] as number, painter);
    }
  }
  for (const frame of frames) drawFrame(grid, frame, columns, from, to, painter);
  const last = to === circuit.columns.length;
  if (!last || circuit.omitted.columns) grid.more();
  return grid.text();
}

function drawFrame(
  grid: Grid,
  frame: Frame,
  columns: Columns,
  from: number,
  to: number,
  painter: Painter,
): void {
  const begins = frame.from >= from;
  const ends = frame.to < to;
  // Frames that begin or end in one column stand side by side, the outer ones outside.
  const same = (edge: 'from' | 'to') =>
    painter.circuit.frames.filter((other) => other[edge] === frame[edge] && other.depth > frame.depth).length;
  const first = columns.x[Math.max(frame.from, from) - from] as number;
  const at = Math.min(frame.to, to - 1) - from;
  const last = (columns.x[at] as number) + (columns.width[at] as number);
  const left = begins ? first - 2 - 2 * same('from') : undefined;
  const right = ends ? last + 1 + 2 * same('to') : undefined;
  grid.frame(frame.depth, left, right, painter.said(frame.label));
}

function drawElement(grid: Grid, element: Element, x: number, width: number, painter: Painter): void {
  const { letters, said } = painter;
  const middle = x + (width >> 1);
  const [top, bottom] = extent(element);
  switch (element.kind) {
    case 'gate':
    case 'swap':
      if (bottom > top) grid.line(middle, top, bottom, letters.line, letters.cross);
      for (const { wire, on } of element.controls) grid.mark(middle, wire, on ? letters.on : letters.off);
      if (element.kind === 'swap') {
        for (const wire of element.targets) grid.mark(middle, wire, letters.swap);
      } else grid.box(middle, element.targets, said(element.label), [top, bottom]);
      return;
    case 'note':
      grid.box(middle, element.wires, said(element.label), [top, bottom]);
      return;
    case 'measure':
      if (element.to) {
        grid.line(middle, element.wire, element.to.wire, letters.bitLine, letters.bitCross);
        grid.mark(middle, element.to.wire, letters.bitEnd);
        grid.under(middle, element.to.wire, element.to.label);
      }
      grid.box(middle, [element.wire], 'M', [element.wire, element.to?.wire ?? element.wire]);
      return;
    case 'reset':
      grid.word(middle - 1, element.wire, letters.zero);
      return;
    case 'barrier':
      for (const wire of element.wires) grid.bar(middle, wire, letters.barrier);
  }
}
