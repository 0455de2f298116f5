import type { QubitsType } from '../program/ir.ts';

/** Which qubits an operand means, where that is known before the program runs: numbers in the program, in order. */
export type StaticQubits =
  | { readonly first: number; readonly step: number; readonly size: number }
  | readonly number[];

function staticSize(qubits: StaticQubits): number {
  return 'first' in qubits ? qubits.size : qubits.length;
}

function staticAt(qubits: StaticQubits, index: number): number {
  return 'first' in qubits ? qubits.first + qubits.step * index : (qubits[index] as number);
}

/** The elements of `qubits` at `indices`; a range stays a range. */
export function pickStatic(qubits: StaticQubits, indices: readonly number[]): StaticQubits {
  return indices.map((index) => staticAt(qubits, index));
}

/** The first position at which two operands of one gate mean the same qubit, after broadcasting. */
export function findClash(
  a: StaticQubits,
  b: StaticQubits,
  lone: readonly [boolean, boolean],
): number | undefined {
  if (lone[0] && lone[1]) return staticAt(a, 0) === staticAt(b, 0) ? staticAt(a, 0) : undefined;
  if (lone[0]) return contains(b, staticAt(a, 0)) ? staticAt(a, 0) : undefined;
  if (lone[1]) return contains(a, staticAt(b, 0)) ? staticAt(b, 0) : undefined;
  if ('first' in a && 'first' in b && a.step === 1 && b.step === 1) {
    return a.first === b.first && a.size > 0 ? a.first : undefined;
  }
  const size = Math.min(staticSize(a), staticSize(b));
  for (let i = 0; i < size; i++) if (staticAt(a, i) === staticAt(b, i)) return staticAt(a, i);
  return undefined;
}

/** A qubit that is in both lists, anywhere: for arguments of a subroutine and parts of an alias. */
export function findShared(a: StaticQubits, b: StaticQubits): number | undefined {
  if ('first' in a && 'first' in b && a.step === 1 && b.step === 1) {
    const from = Math.max(a.first, b.first);
    return from < Math.min(a.first + a.size, b.first + b.size) ? from : undefined;
  }
  const known = new Set(listStatic(a));
  return listStatic(b).find((qubit) => known.has(qubit));
}

/** A qubit that the list names twice. */
export function findRepeated(qubits: StaticQubits): number | undefined {
  if ('first' in qubits) return undefined;
  const seen = new Set<number>();
  for (const qubit of qubits) {
    if (seen.has(qubit)) return qubit;
    seen.add(qubit);
  }
  return undefined;
}

export function listStatic(qubits: StaticQubits): readonly number[] {
  return 'first' in qubits
    ? Array.from({ length: qubits.size }, (_, i) => qubits.first + i * qubits.step)
    : qubits;
}

function contains(qubits: StaticQubits, qubit: number): boolean {
  if (!('first' in qubits)) return qubits.includes(qubit);
  const index = (qubit - qubits.first) / qubits.step;
  return Number.isInteger(index) && index >= 0 && index < qubits.size;
}

export const LONE_QUBIT: QubitsType = { kind: 'qubits', size: 1, lone: true };
