import { type Circuit, type Element, extent, type Frame } from './circuit.ts';
import { box, dot, escapeXml, label, line } from './svg-shapes.ts';

const ROW = 48;
const LETTER = 8.4;
const HALF_BOX = 17;
const FRAME_STEP = 22;
const MARGIN = 12;

// Plain colours first and the dark ones over them: converters that know neither variables nor media queries draw it in light.
const STYLE =
  '.qc text{font:14px ui-monospace,Menlo,Consolas,"DejaVu Sans Mono",monospace;fill:#1b1f24}.qc .p{fill:#fff}' +
  '.qc .w{stroke:#1b1f24;stroke-width:1.2;fill:none}.qc .b{fill:#e8f0fe;stroke:#3b6fd4;stroke-width:1.2}' +
  '.qc .d{fill:#1b1f24;stroke:#1b1f24;stroke-width:1.2}.qc .o{fill:#fff;stroke:#1b1f24;stroke-width:1.2}' +
  '.qc .f{fill:none;stroke:#6b7280;stroke-dasharray:5 4}.qc .s{font-size:11px;fill:#6b7280}' +
  '.qc .g{stroke:#6b7280;stroke-width:2;stroke-dasharray:3 3}' +
  '@media (prefers-color-scheme:dark){.qc text{fill:#e6edf3}.qc .p,.qc .o{fill:#0d1117}.qc .w,.qc .d,.qc .o{stroke:#e6edf3}' +
  '.qc .d{fill:#e6edf3}.qc .b{fill:#1c2b4a;stroke:#7ea6f5}.qc .f,.qc .g{stroke:#9aa4b2}.qc .s{fill:#9aa4b2}}';

type Plan = {
  readonly circuit: Circuit;
  /** Middle and width of each column, in pixels. */
  readonly x: readonly number[];
  readonly width: readonly number[];
  readonly y: (wire: number) => number;
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
};

/**
 * The circuit as one SVG document, in no need of scripts, fonts or styles from elsewhere: it has a title and a description for
 * readers that don't see it, and follows the reader's light or dark scheme. All text is escaped.
 */
export function drawSvg(circuit: Circuit, options: { readonly title?: string } = {}): string {
  const plan = makePlan(circuit);
  const height = plan.bottom + MARGIN + (circuit.omitted.qubits > 0 ? 24 : 0);
  const width = plan.right + MARGIN + (circuit.omitted.columns ? 24 : 0);
  const parts = [
    ...circuit.frames.map((frame) => drawFrame(frame, plan)),
    ...drawWires(plan),
    ...circuit.columns.flatMap((column, at) => column.map((element) => drawElement(element, at, plan))),
    ...drawOmitted(plan),
  ];
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" class="qc" role="img" aria-labelledby="qc-title qc-desc" ` +
    `width="${round(width)}" height="${round(height)}" viewBox="0 0 ${round(width)} ${round(height)}">` +
    `<title id="qc-title">${escapeXml(options.title ?? 'Quantum circuit')}</title>` +
    `<desc id="qc-desc">${escapeXml(describe(circuit))}</desc><style>${STYLE}</style>` +
    `<rect class="p" width="100%" height="100%"/>${parts.join('')}</svg>\n`
  );
}

/** In words: "2 qubits, 1 classical register, 3 gates, 2 measurements." */
export function describe(circuit: Circuit): string {
  const elements = circuit.columns.flat();
  const count = (number: number, word: string) => `${number} ${word}${number === 1 ? '' : 's'}`;
  const of = (...kinds: Element['kind'][]) =>
    elements.filter((element) => kinds.includes(element.kind)).length;
  const wires = (kind: 'qubit' | 'bits') => circuit.wires.filter((wire) => wire.kind === kind).length;
  const said = [
    count(wires('qubit') + circuit.omitted.qubits, 'qubit'),
    count(wires('bits'), 'classical register'),
    count(of('gate', 'swap'), 'gate'),
    count(of('measure'), 'measurement'),
  ];
  const blocks = circuit.frames.map((frame) => frame.label);
  const rest =
    circuit.omitted.columns || circuit.omitted.qubits > 0 ? ' Not all of the circuit is drawn.' : '';
  return `${said.join(', ')}.${blocks.length > 0 ? ` Blocks: ${blocks.join('; ')}.` : ''}${rest}`;
}

function makePlan(circuit: Circuit): Plan {
  const { wires, columns, frames } = circuit;
  const left =
    MARGIN +
    LETTER * Math.max(0, ...wires.map(({ label, size }) => [...label].length + String(size).length + 2));
  const width = columns.map((column) => Math.max(40, ...column.map(widthOf)) + 12);
  for (const frame of frames.toReversed()) {
    const inside = width.slice(frame.from, frame.to + 1).reduce((sum, each) => sum + each, 0);
    const wanted = [...frame.label].length * 7 + 24;
    if (inside < wanted) width[frame.to] = (width[frame.to] as number) + wanted - inside;
  }
  const x: number[] = [];
  let at = left + 10;
  for (const [column, each] of width.entries()) {
    at += 10 * frames.filter((frame) => frame.from === column).length;
    x.push(at + each / 2);
    at += each + 10 * frames.filter((frame) => frame.to === column).length;
  }
  const depth = Math.max(0, ...frames.map((frame) => frame.depth + 1));
  const top = MARGIN + depth * FRAME_STEP;
  const bottom = top + ROW * wires.length + depth * 8;
  return { circuit, x, width, y: (wire) => top + ROW * wire + ROW / 2, left, right: at + 10, top, bottom };
}

function widthOf(element: Element): number {
  return element.kind === 'gate' || element.kind === 'note' ? [...element.label].length * LETTER + 18 : 34;
}

function drawWires({ circuit, y, left, right }: Plan): readonly string[] {
  return circuit.wires.flatMap((wire, at) => {
    const text = wire.kind === 'bits' && wire.size > 1 ? `${wire.label}[${wire.size}]` : wire.label;
    const name = label(left - 4, y(at), text, 'end');
    // Under everything: lines come first in the document.
    if (wire.kind === 'qubit') return [line(left, y(at), right, y(at), 'w'), name];
    return [
      line(left, y(at) - 1.5, right, y(at) - 1.5, 'w'),
      line(left, y(at) + 1.5, right, y(at) + 1.5, 'w'),
      name,
    ];
  });
}

function drawFrame(frame: Frame, plan: Plan): string {
  const same = (edge: 'from' | 'to') =>
    plan.circuit.frames.filter((other) => other[edge] === frame[edge] && other.depth > frame.depth).length;
  const x = (plan.x[frame.from] as number) - (plan.width[frame.from] as number) / 2 - 5 - 10 * same('from');
  const end = (plan.x[frame.to] as number) + (plan.width[frame.to] as number) / 2 + 5 + 10 * same('to');
  const top = MARGIN + frame.depth * FRAME_STEP;
  const bottom = plan.bottom - frame.depth * 8;
  return (
    `<rect class="f" rx="6" x="${round(x)}" y="${round(top)}" width="${round(end - x)}" height="${round(bottom - top)}"/>` +
    label(x + 8, top + 12, frame.label, 'start', 's')
  );
}

function drawElement(element: Element, column: number, plan: Plan): string {
  const x = plan.x[column] as number;
  const { y } = plan;
  const [top, bottom] = extent(element);
  const half = widthOf(element) / 2;
  switch (element.kind) {
    case 'gate':
    case 'swap': {
      const controls = element.controls.map(({ wire, on }) => dot(x, y(wire), on ? 'd' : 'o'));
      const stem = bottom > top ? line(x, y(top), x, y(bottom), 'w') : '';
      const body =
        element.kind === 'swap'
          ? element.targets.map((wire) => cross(x, y(wire)))
          : [drawBox(x, half, element.targets, element.label, plan)];
      return [stem, ...body, ...controls].join('');
    }
    case 'note':
      return drawBox(x, half, element.wires, element.label, plan);
    case 'measure': {
      const { to } = element;
      const arrow = to
        ? line(x - 1.5, y(element.wire), x - 1.5, y(to.wire), 'w') +
          line(x + 1.5, y(element.wire), x + 1.5, y(to.wire) - 6, 'w') +
          `<path class="d" d="M${round(x - 5)} ${round(y(to.wire) - 8)}h10l-5 8z"/>` +
          label(x + 7, y(to.wire) + 13, to.label, 'start', 's')
        : '';
      return arrow + drawBox(x, half, [element.wire], 'M', plan);
    }
    case 'reset':
      return drawBox(x, half, [element.wire], '|0⟩', plan);
    case 'barrier':
      return element.wires.map((wire) => line(x, y(wire) - ROW / 2, x, y(wire) + ROW / 2, 'g')).join('');
  }
}

/** A box from the first to the last wire; wires between that it does not hold pass under it, marked at its edges. */
function drawBox(x: number, half: number, wires: readonly number[], text: string, { y }: Plan): string {
  const first = y(Math.min(...wires));
  const last = y(Math.max(...wires));
  const marks =
    wires.length > 1 && last - first >= ROW * wires.length
      ? wires.map((wire) => dot(x - half, y(wire), 'o'))
      : [];
  return [
    box(x - half, first - HALF_BOX, 2 * half, last - first + 2 * HALF_BOX),
    ...marks,
    label(x, (first + last) / 2, text, 'middle'),
  ].join('');
}

function cross(x: number, y: number): string {
  return line(x - 6, y - 6, x + 6, y + 6, 'w') + line(x - 6, y + 6, x + 6, y - 6, 'w');
}

function drawOmitted({ circuit, y, left, right, bottom }: Plan): readonly string[] {
  const columns = circuit.omitted.columns
    ? circuit.wires.map((_, wire) => label(right + 4, y(wire), '…', 'start'))
    : [];
  const { qubits } = circuit.omitted;
  return qubits > 0
    ? [...columns, label(left, bottom + 8, `… ${qubits} more qubits`, 'start', 's')]
    : columns;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
