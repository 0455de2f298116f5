import type { Gate } from '@quantum-hub/openqasm';
import { mixes } from './steps.ts';
import { BLOCK_QUBITS } from './wasm/scratch.ts';

/** Gates that are done together while a block of the state is in the cache, and the qubits that a block spans. */
export type Pass = { readonly gates: readonly Gate[]; readonly inner: readonly number[] };

/**
 * The lowest qubits are in every block: blocks are then gathered in runs of 2^7 amplitudes, 2 KiB, and not one by one.
 */
const RUN_QUBITS = 8;

/**
 * Takes a pass off the front of `gates` (which loses what is taken). A gate may go before those that stay behind where it
 * commutes with each of them: on every qubit that both name, both are diagonal (controls are). Only the targets of gates that mix
 * must lie in a block; controls and diagonal gates have one value there for the qubits outside.
 */
export function takePass(gates: Gate[], qubits: number): Pass {
  if (qubits <= BLOCK_QUBITS) return { gates: gates.splice(0), inner: upTo(qubits) };
  const taken: Gate[] = [];
  const left: Gate[] = [];
  const low = 2 ** RUN_QUBITS - 1;
  let inner = 0;
  let mixed = 0;
  let named = 0;
  for (const gate of gates) {
    const targets = maskOf(gate.targets);
    const mixing = mixes(gate) ? targets : 0;
    const reading = maskOf(gate.controls) | (targets & ~mixing);
    const isFree = (mixing & named) === 0 && (reading & mixed) === 0;
    const fits = countBits((inner | mixing) & ~low) <= BLOCK_QUBITS - RUN_QUBITS || taken.length === 0;
    if (isFree && fits) {
      inner |= mixing;
      taken.push(gate);
    } else {
      mixed |= mixing;
      named |= mixing | reading;
      left.push(gate);
    }
  }
  gates.splice(0, gates.length, ...left);
  return { gates: taken, inner: filled(inner, qubits) };
}

/** The qubits of the mask, and the lowest others until a block is full. */
function filled(mask: number, qubits: number): number[] {
  let inner = mask;
  let room = BLOCK_QUBITS - countBits(mask);
  for (let qubit = 0; room > 0; qubit++) {
    if ((inner >> qubit) & 1) continue;
    inner |= 1 << qubit;
    room--;
  }
  return upTo(qubits).filter((qubit) => (inner >> qubit) & 1);
}

/** Lists of the lowest qubits, by how many: made once, since trajectories make a pass of every gate. */
const LOWEST = Array.from({ length: 32 }, (_, qubits) => Array.from({ length: qubits }, (_, qubit) => qubit));
const upTo = (qubits: number) => LOWEST[qubits] as readonly number[];
const maskOf = (qubits: readonly number[]) => qubits.reduce((mask, qubit) => mask | (1 << qubit), 0);

function countBits(mask: number): number {
  let count = 0;
  for (let rest = mask; rest !== 0; rest &= rest - 1) count++;
  return count;
}
