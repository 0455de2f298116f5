import type { PauliTerm } from '@quantum-hub/execution/ports';
import type { Gate } from '@quantum-hub/openqasm';
import type { Event } from '../engine/follow.ts';
import { gateOn, pauliProduct } from '../engine/gates.ts';
import type { QuantumState } from '../engine/state.ts';
import { type Amplitudes, groundState } from '../engine/vector/amplitudes.ts';
import { applyGate } from '../engine/vector/run-pass.ts';
import type { Channel } from './channels.ts';

/** Above this a density matrix is no help: 4^10 numbers, 16 MiB. */
export const DENSITY_QUBITS = 10;

/**
 * A density matrix of n qubits, kept as a vector of 2n: rho(row, column) at index row + 2^n column. A gate acts on the rows as it is
 * and on the columns conjugated. Channels are averaged over, so there are no trajectories: the oracle of `trajectory.ts`.
 */
export function densityMatrix(qubits: number): Density {
  return densityOf(groundState(2 * qubits), qubits);
}

/** A channel as an event that is no choice: the state becomes the average over its outcomes. Only for states made by `densityMatrix`. */
export function averageOf(channel: Channel): Event {
  return { probabilities: () => [1], happen: ({ state }) => (state as Density).add(channel) };
}

type Density = QuantumState & { add(channel: Channel): void };

function densityOf(rho: Amplitudes, qubits: number): Density {
  const conjugateBoth = (gate: Gate) => {
    applyGate(rho, gate);
    applyGate(rho, onColumns(gate, qubits));
  };
  return {
    apply: conjugateBoth,
    add: (channel) => average(rho, qubits, channel),
    probabilityOfOne: (qubit) => sumDiagonal(rho, qubits, (index) => ((index >> qubit) & 1 ? 1 : 0)),
    collapse(qubit, outcome) {
      const kept = sumDiagonal(rho, qubits, (index) => (((index >> qubit) & 1) === outcome ? 1 : 0));
      const mask = (1 << qubit) | (1 << (qubit + qubits));
      for (let at = 0; at < rho.data.length; at++) {
        const keep = ((at >> 1) & mask) === (outcome === 1 ? mask : 0) ? 1 / kept : 0;
        rho.data[at] = (rho.data[at] as number) * keep;
      }
    },
    copy: () => densityOf({ ...rho, data: rho.data.slice() }, qubits),
    *sample(asked, shots, random, tell) {
      let left = shots;
      let share = 1;
      for (let index = 0; index < 2 ** qubits && left > 0; index++) {
        const probability = rho.data[2 * index * (2 ** qubits + 1)] as number;
        const count = random.binomial(left, Math.min(1, Math.max(0, probability / share)));
        share -= probability;
        left -= count;
        if (count > 0)
          tell(
            Uint8Array.from(asked, (qubit) => (index >> qubit) & 1),
            count,
          );
        yield;
      }
    },
    expectation: (paulis) => traceWith(rho, qubits, paulis),
  };
}

function onColumns(gate: Gate, qubits: number): Gate {
  const shift = (qubit: number) => qubit + qubits;
  const matrix = gate.matrix.map((entry, index) => (index % 2 === 1 ? -entry : entry));
  return { ...gate, matrix, controls: gate.controls.map(shift), targets: gate.targets.map(shift) };
}

function sumDiagonal({ data }: Amplitudes, qubits: number, weight: (index: number) => number): number {
  let sum = 0;
  for (let index = 0; index < 2 ** qubits; index++)
    sum += weight(index) * (data[2 * index * (2 ** qubits + 1)] as number);
  return sum;
}

/** Tr(rho P), with P |i> = phase |i xor x>: the sum of rho(i, i xor x) times P's entry there. */
function traceWith(rho: Amplitudes, qubits: number, paulis: PauliTerm['paulis']): number {
  const image: Amplitudes = { ...rho, data: rho.data.slice() };
  for (const [qubit, pauli] of Object.entries(paulis)) {
    const code = { X: 1, Y: 2, Z: 3 }[pauli];
    for (const gate of pauliProduct(code, [Number(qubit)])) applyGate(image, gate);
  }
  return sumDiagonal(image, qubits, () => 1);
}

/** rho becomes the sum of K rho K^+ over the channel's Kraus operators. */
function average(rho: Amplitudes, qubits: number, channel: Channel): void {
  const total = new Float64Array(rho.data.length);
  for (const { weight, gates } of krausOf(channel)) {
    const term: Amplitudes = { ...rho, data: rho.data.slice() };
    for (const gate of gates) {
      applyGate(term, gate);
      applyGate(term, onColumns(gate, qubits));
    }
    for (let at = 0; at < total.length; at++)
      total[at] = (total[at] as number) + weight * (term.data[at] as number);
  }
  rho.data.set(total);
}

function krausOf(channel: Channel): { weight: number; gates: Gate[] }[] {
  const { error } = channel;
  if (channel.kind === 'depolarizing') {
    const products = 4 ** channel.qubits.length;
    return Array.from({ length: products }, (_, code) => ({
      weight: code === 0 ? 1 - error : error / (products - 1),
      gates: pauliProduct(code, channel.qubits),
    }));
  }
  const { qubit } = channel;
  if (channel.kind === 'damping') {
    const stay = Float64Array.of(1, 0, 0, 0, 0, 0, Math.sqrt(1 - error), 0);
    const fall = Float64Array.of(0, 0, Math.sqrt(error), 0, 0, 0, 0, 0);
    return [stay, fall].map((matrix) => ({ weight: 1, gates: [gateOn(qubit, matrix)] }));
  }
  return [
    { weight: 1 - error, gates: [] },
    { weight: error, gates: pauliProduct(channel.kind === 'flip' ? 1 : 3, [qubit]) },
  ];
}
