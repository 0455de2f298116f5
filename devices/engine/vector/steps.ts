import type { Gate } from '@quantum-hub/openqasm';
import { isDiagonal } from '../gates.ts';
import { transform } from './transform.ts';
import { FACTOR_BYTES } from './wasm/kernels.ts';
import type { Scratch } from './wasm/scratch.ts';

/** Where the qubits of a state are while a pass goes over it. */
export type Placement = {
  /** Qubit -> its bit in the block, -1 for those outside: they have one value in the whole block. */
  readonly places: Int8Array;
  readonly blockQubits: number;
};

/** A piece of a gate's work on one block, done where the block's number has the values `outerOnes` in the bits of `outer`. */
export type Step = {
  readonly outer: number;
  readonly outerOnes: number;
  readonly run: () => void;
  /** Where the step is a phase: the share of the block's amplitudes that it touches, and the same phase on a table of numbers. */
  readonly phase?: { readonly share: number; readonly onTable: (address: number) => void };
};

/** Diagonal gates mix nothing: they act on a block whatever qubits they name. (Those of many qubits are left to `transform`.) */
export function mixes({ targets, matrix }: Gate): boolean {
  return targets.length > 2 || !isDiagonal(matrix);
}

/** Amplitudes that a step works on: addresses in bytes, with the low four bits fixed. */
type Selection = { fixed: number; ones: number; outer: number; outerOnes: number };

/** Turns gates into calls of kernels; writes the numbers that they need into the scratch memory. */
export class StepMaker {
  readonly #scratch: Scratch;
  readonly #placement: Placement;
  #factors = 0;

  constructor(scratch: Scratch, placement: Placement) {
    this.#scratch = scratch;
    this.#placement = placement;
  }

  stepsOf(gate: Gate): Step[] {
    const { targets, matrix } = gate;
    const selection = this.#controlsOf(gate);
    if (!mixes(gate)) return this.#phases(selection, targets, matrix);
    const bits = targets.map((qubit) => this.#bitOf(qubit));
    const [first = 0, second = 0] = bits;
    for (const bit of bits) selection.fixed |= bit;
    if (bits.length > 2) return [this.#transform(selection, bits, matrix)];
    if (bits.length === 1 && isExchange(matrix)) return [this.#exchange(selection, 0, first)];
    if (bits.length === 2 && isSwap(matrix)) return [this.#exchange(selection, first, second)];
    return [this.#matrix(selection, bits, matrix)];
  }

  #bitOf(qubit: number): number {
    return 16 << (this.#placement.places[qubit] as number);
  }

  #controlsOf({ controls, polarity }: Gate): Selection {
    const selection = { fixed: 15, ones: 0, outer: 0, outerOnes: 0 };
    for (let at = 0; at < controls.length; at++)
      this.#fix(selection, controls[at] as number, polarity?.[at] ?? 1);
    return selection;
  }

  #fix(selection: Selection, qubit: number, value: number): void {
    if ((this.#placement.places[qubit] as number) < 0) {
      selection.outer |= 1 << qubit;
      if (value === 1) selection.outerOnes |= 1 << qubit;
    } else {
      selection.fixed |= this.#bitOf(qubit);
      if (value === 1) selection.ones |= this.#bitOf(qubit);
    }
  }

  /** One phase for each value of the targets whose factor is not 1. (Loops, no lists: trajectories make a pass of every gate.) */
  #phases(selection: Selection, targets: readonly number[], matrix: Float64Array): Step[] {
    const size = 2 ** targets.length;
    const steps: Step[] = [];
    for (let row = 0; row < size; row++) {
      const entry = 2 * row * (size + 1);
      if (matrix[entry] === 1 && matrix[entry + 1] === 0) continue;
      const { fixed, ones, outer, outerOnes } = selection;
      const here = { fixed, ones, outer, outerOnes };
      for (let at = 0; at < targets.length; at++) this.#fix(here, targets[at] as number, (row >> at) & 1);
      steps.push(this.#phase(here, this.#keep(matrix, entry, entry + 2)));
    }
    return steps;
  }

  #phase({ fixed, ones, outer, outerOnes }: Selection, factor: number): Step {
    const [step0, step1] = [lowestFree(fixed), secondFree(fixed)];
    const end = this.#endFor(step1);
    const { phase } = this.#scratch.kernels;
    const onTable = (address: number) =>
      phase(end, fixed | step0 | step1, ones | address, factor, step0, step1);
    return { outer, outerOnes, run: () => onTable(0), phase: { share: shareOf(fixed), onTable } };
  }

  #exchange(selection: Selection, first: number, second: number): Step {
    const { ones, outer, outerOnes } = selection;
    const [step0, step1] = [lowestFree(selection.fixed), secondFree(selection.fixed)];
    const end = this.#endFor(step1);
    const fixed = selection.fixed | step0 | step1;
    const { exchange } = this.#scratch.kernels;
    return { outer, outerOnes, run: () => exchange(end, fixed, ones | first, ones | second, step0, step1) };
  }

  #matrix(selection: Selection, bits: readonly number[], matrix: Float64Array): Step {
    const { ones, outer, outerOnes } = selection;
    const { kernels } = this.#scratch;
    const isReal = matrix.every((part, at) => at % 2 === 0 || part === 0);
    const entries = this.#keep(matrix, 0, matrix.length);
    const [first = 0, second] = bits;
    if (second === undefined) {
      const kernel = isReal ? kernels.real2 : kernels.complex2;
      const [step0, step1] = [lowestFree(selection.fixed), secondFree(selection.fixed)];
      const end = this.#endFor(step1);
      const fixed = selection.fixed | step0 | step1;
      return { outer, outerOnes, run: () => kernel(end, fixed, ones, entries, first, step0, step1) };
    }
    const kernel = isReal ? kernels.real4 : kernels.complex4;
    const { fixed } = selection;
    const end = 16 << this.#placement.blockQubits;
    return { outer, outerOnes, run: () => kernel(end, fixed, ones, entries, first, second) };
  }

  #transform(selection: Selection, bits: readonly number[], matrix: Float64Array): Step {
    const amplitudes = { qubits: this.#placement.blockQubits, data: this.#scratch.block };
    const [fixed, ones] = [selection.fixed >> 4, selection.ones >> 4];
    const places = bits.map((bit) => bit >> 4);
    const { outer, outerOnes } = selection;
    return { outer, outerOnes, run: () => transform(amplitudes, { fixed, ones }, places, matrix) };
  }

  /**
   * Kernels step over two qubits of their own, the lowest that nothing fixes; where the block has none left, over the room
   * behind it.
   */
  #endFor(step1: number): number {
    return Math.max(16 << this.#placement.blockQubits, step1 << 1);
  }

  /** Writes complex numbers, `from` to `to` of an interleaved list, as the kernels read them; their address. */
  #keep(numbers: Float64Array, from: number, to: number): number {
    const { factors, factorsAt } = this.#scratch;
    const address = factorsAt + this.#factors * FACTOR_BYTES;
    for (let at = from; at < to; at += 2, this.#factors++) {
      const place = (this.#factors * FACTOR_BYTES) / 8;
      factors[place] = numbers[at] as number;
      factors[place + 2] = -(numbers[at + 1] as number);
      factors[place + 3] = numbers[at + 1] as number;
    }
    return address;
  }
}

const lowestFree = (fixed: number) => ~fixed & -~fixed;
const secondFree = (fixed: number) => lowestFree(fixed | lowestFree(fixed));

/** Halves with each fixed qubit; the low four bits are no qubits. */
function shareOf(fixed: number): number {
  let share = 1;
  for (let rest = fixed >> 4; rest !== 0; rest &= rest - 1) share /= 2;
  return share;
}

function isExchange(matrix: Float64Array): boolean {
  return isPermutation(matrix, 2, 4);
}

function isSwap(matrix: Float64Array): boolean {
  return isPermutation(matrix, 0, 12, 18, 30);
}

/** Whether the matrix has ones in these places and zeros elsewhere. */
function isPermutation(matrix: Float64Array, ...ones: readonly number[]): boolean {
  for (let at = 0; at < matrix.length; at++) if (matrix[at] !== (ones.includes(at) ? 1 : 0)) return false;
  return true;
}
