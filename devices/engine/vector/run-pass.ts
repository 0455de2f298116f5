import type { Gate } from '@quantum-hub/openqasm';
import type { Amplitudes } from './amplitudes.ts';
import { mergePhases } from './merge-phases.ts';
import { type Pass, takePass } from './passes.ts';
import { StepMaker } from './steps.ts';
import { type Scratch, scratch } from './wasm/scratch.ts';

/** One gate at once. */
export function applyGate(amplitudes: Amplitudes, gate: Gate): void {
  runPass(amplitudes, takePass([gate], amplitudes.qubits));
}

/** Goes once over the state, block by block: into the scratch memory, through all gates of the pass, and back. */
export function runPass({ qubits, data }: Amplitudes, { gates, inner }: Pass): void {
  const memory = scratch();
  const places = new Int8Array(32).fill(-1);
  inner.forEach((qubit, place) => {
    places[qubit] = place;
  });
  const maker = new StepMaker(memory, { places, blockQubits: inner.length });
  const blocks = 2 ** (qubits - inner.length);
  const steps = mergePhases(
    gates.flatMap((gate) => maker.stepsOf(gate)),
    memory,
    inner.length,
    blocks,
  );
  const innerMask = inner.reduce((mask, qubit) => mask | (1 << qubit), 0);
  const runs = runsOf(inner);
  for (let base = 0; base < 2 ** qubits; base = ((base | innerMask) + 1) & ~innerMask) {
    gather(memory, data, base, runs);
    for (const { outer, outerOnes, run } of steps) if ((base & outer) === outerOnes) run();
    scatter(memory, data, base, runs);
  }
}

/** A block lies in the state as runs of neighbours: how long (in numbers, two an amplitude), and where each begins. */
type Runs = { readonly length: number; readonly starts: Int32Array };

function runsOf(inner: readonly number[]): Runs {
  const low = inner.findIndex((qubit, place) => qubit !== place);
  const [run, high] = low < 0 ? [inner.length, []] : [low, inner.slice(low)];
  const starts = Int32Array.from({ length: 2 ** high.length }, (_, index) =>
    high.reduce((start, qubit, bit) => ((index >> bit) & 1 ? start | (1 << qubit) : start), 0),
  );
  return { length: 2 * 2 ** run, starts };
}

function gather({ block }: Scratch, data: Float64Array, base: number, { length, starts }: Runs): void {
  for (let run = 0; run < starts.length; run++) {
    const from = 2 * (base | (starts[run] as number));
    block.set(data.subarray(from, from + length), run * length);
  }
}

function scatter({ block }: Scratch, data: Float64Array, base: number, { length, starts }: Runs): void {
  for (let run = 0; run < starts.length; run++) {
    const to = 2 * (base | (starts[run] as number));
    data.set(block.subarray(run * length, (run + 1) * length), to);
  }
}
