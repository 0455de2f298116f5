import type { Qubits, Unit } from '../ir.ts';
import { resolveIndex } from '../values/index.ts';
import { evaluateKnown, frameOf, resolveSelectors } from './evaluate.ts';
import { fail } from './failure.ts';
import type { Scope } from './scope.ts';
import { pickPlaces } from './selection.ts';
import { only } from './single.ts';

/** The qubits of operands that are all lone, or undefined: the common case, without lists in lists. @throws as `qubitsOf` */
export function loneQubits(operands: readonly Qubits[], scope: Scope): readonly number[] | undefined {
  const [first] = operands;
  if (operands.length === 1 && first?.kind === 'qubits' && first.lone) return qubitsOf(first, scope);
  const result: number[] = [];
  for (const operand of operands) {
    if (operand.kind !== 'qubits' || !operand.lone) return undefined;
    result.push(qubitsOf(operand, scope)[0] as number);
  }
  return result;
}

/** The qubits' numbers, in order. @throws ValueError (at `scope.where`) outside of a register, Need */
export function qubitsOf(qubits: Qubits, scope: Scope): readonly number[] {
  if (qubits.kind === 'joined-qubits') return qubits.parts.flatMap((part) => qubitsOf(part, scope));
  const { place } = qubits;
  const frame = frameOf(place, scope);
  const list = frame.getQubits(place.slot);
  const [selector] = place.selectors;
  if (selector?.kind === 'index' && selector.index.kind === 'constant' && place.selectors.length === 1) {
    // The common case by far, and bigints are slow.
    const qubit = list[Number(selector.index.value)];
    if (qubit !== undefined) return only(qubit);
  }
  if (selector === undefined) return list.length === 1 ? [list[0] as number] : [...list];
  const name = frame.slots[place.slot]?.name ?? 'the register';
  if (place.selectors.length === 1 && selector.kind === 'index') {
    const index = evaluateKnown(selector.index, scope) as bigint;
    scope.where = selector.index;
    return [list[resolveIndex(index, list.length, name)] as number];
  }
  const pickers = resolveSelectors(place.selectors, scope);
  scope.where = place;
  return pickPlaces(pickers, list.length, scope, name).map((at) => list[at] as number);
}

/**
 * One list of qubits for each time that the operation is done: lone operands go with every element of the others.
 *
 * @throws RunFailure where registers differ in size
 */
export function broadcast(operands: readonly Qubits[], scope: Scope): readonly (readonly number[])[] {
  const lists = operands.map((operand) => qubitsOf(operand, scope));
  let times: number | undefined;
  for (const [at, list] of lists.entries()) {
    const operand = operands[at] as Qubits;
    if (operand.kind === 'qubits' && operand.lone) continue;
    if (times !== undefined && times !== list.length) {
      fail(
        operand,
        'size',
        `an operand of ${list.length} qubits stands beside one of ${times}`,
        `${times} qubits here, or a single one`,
      );
    }
    times = list.length;
  }
  if (times === undefined) return [lists.map((list) => list[0] as number)];
  return Array.from({ length: times }, (_, i) =>
    lists.map((list, at) => {
      const operand = operands[at] as Qubits;
      return (operand.kind === 'qubits' && operand.lone ? list[0] : list[i]) as number;
    }),
  );
}

/** How the program calls a qubit: `q[3]`, or `q` where it stands alone. */
export function qubitName(unit: Unit, qubit: number): string {
  const register = unit.qubits.find(({ first, size }) => qubit >= first && qubit < first + size);
  if (register === undefined) return `qubit ${qubit}`;
  const type = unit.slots[register.slot]?.type;
  const lone = type?.kind === 'qubits' && type.lone;
  return lone ? register.name : `${register.name}[${qubit - register.first}]`;
}
