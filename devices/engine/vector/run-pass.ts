import type { Gate } from '@quantum-hub/openqasm';
import type { Amplitudes } from './amplitudes.ts';
import { mergePhases } from './merge-phases.ts';
import { type Pass, takePass } from './passes.ts';
import { type Placement, StepMaker } from './steps.ts';
import { type Scratch, scratch } from './wasm/scratch.ts';

/** One gate at once. */
export function applyGate(amplitudes: Amplitudes, gate: Gate): void {
  runPass(amplitudes, takePass([gate], amplitudes.qubits));
}

/** Goes once over the state, block by block: into the scratch memory, through all gates of the pass, and back. */
export function runPass({ qubits, data }: Amplitudes, { gates, inner }: Pass): void {
  const memory = scratch();
  const layout = layoutOf(inner);
  const maker = new StepMaker(memory, layout);
  const blocks = 2 ** (qubits - inner.length);
  const made =
    gates.length === 1 ? maker.stepsOf(gates[0] as Gate) : gates.flatMap((gate) => maker.stepsOf(gate));
  const steps = mergePhases(made, memory, inner.length, blocks);
  for (let base = 0; base < 2 ** qubits; base = ((base | layout.mask) + 1) & ~layout.mask) {
    gather(memory, data, base, layout);
    for (const { outer, outerOnes, run } of steps) if ((base & outer) === outerOnes) run();
    scatter(memory, data, base, layout);
  }
}

/** How a block lies in the state: its qubits, and its runs of neighbours. */
type Layout = Placement & {
  readonly mask: number;
  /** Numbers in a run, two an amplitude. */
  readonly length: number;
  /** Amplitude at which each run begins. */
  readonly starts: Int32Array;
  /** The first run in the scratch memory. */
  readonly first: Float64Array;
};

/** A state that is one block needs the same layout for every pass; trajectories make a pass of every gate. */
const whole: (Layout | undefined)[] = [];

function layoutOf(inner: readonly number[]): Layout {
  const isWhole = inner.at(-1) === inner.length - 1;
  const known = isWhole ? whole[inner.length] : undefined;
  const layout = known ?? makeLayout(inner);
  if (isWhole) whole[inner.length] = layout;
  return layout;
}

function makeLayout(inner: readonly number[]): Layout {
  const places = new Int8Array(32).fill(-1);
  inner.forEach((qubit, place) => {
    places[qubit] = place;
  });
  const low = inner.findIndex((qubit, place) => qubit !== place);
  const [run, high] = low < 0 ? [inner.length, []] : [low, inner.slice(low)];
  const starts = Int32Array.from({ length: 2 ** high.length }, (_, index) =>
    high.reduce((start, qubit, bit) => ((index >> bit) & 1 ? start | (1 << qubit) : start), 0),
  );
  const mask = inner.reduce((all, qubit) => all | (1 << qubit), 0);
  const length = 2 * 2 ** run;
  const first = scratch().block.subarray(0, length);
  return { places, blockQubits: inner.length, mask, length, starts, first };
}

function gather({ block }: Scratch, data: Float64Array, base: number, { length, starts }: Layout): void {
  if (length === data.length) {
    block.set(data);
    return;
  }
  for (let run = 0; run < starts.length; run++) {
    const from = 2 * (base | (starts[run] as number));
    block.set(data.subarray(from, from + length), run * length);
  }
}

function scatter(
  { block }: Scratch,
  data: Float64Array,
  base: number,
  { length, starts, first }: Layout,
): void {
  if (length === data.length) {
    data.set(first);
    return;
  }
  for (let run = 0; run < starts.length; run++) {
    const to = 2 * (base | (starts[run] as number));
    data.set(block.subarray(run * length, (run + 1) * length), to);
  }
}
