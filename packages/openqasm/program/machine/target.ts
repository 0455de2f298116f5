import type { Place, Type, Value } from '../ir.ts';
import { frameOf, known, resolveSelectors } from './evaluate.ts';
import type { Frame } from './frame.ts';
import type { Scope } from './scope.ts';
import { holdsCells, readSelected, type Selection, select, writeSelected } from './selection.ts';

/** A place with its indices evaluated: where a value goes, now or when a subroutine returns. */
export type Target = {
  readonly frame: Frame;
  readonly slot: number;
  readonly type: Type;
  readonly selection: Selection | undefined;
};

/** @throws Need, ValueError (at `scope.where`), RunFailure */
export function targetOf(place: Place, scope: Scope): Target {
  const frame = frameOf(place, scope);
  const slot = frame.slots[place.slot];
  if (slot === undefined || slot.type.kind === 'qubits')
    throw new RangeError(`no variable in slot ${place.slot}`);
  const { type } = slot;
  if (place.selectors.length === 0) return { frame, slot: place.slot, type, selection: undefined };
  const pickers = resolveSelectors(place.selectors, scope);
  const selection = select(frame.get(place.slot), type, pickers, scope, slot.name);
  return { frame, slot: place.slot, type, selection };
}

export function read(target: Target): Value {
  const value = target.frame.get(target.slot);
  return target.selection === undefined ? value : readSelected(value, target.type, target.selection);
}

/** The value as it can be stored there: numbers have no cells, so their bits have to be known. @throws Need */
export function storable(target: Target, value: Value, scope: Scope): Value {
  return holdsCells(target.type) ? value : known(value, scope);
}

export function write(target: Target, value: Value): void {
  const { frame, slot, type, selection } = target;
  if (selection === undefined) {
    frame.set(slot, value);
    return;
  }
  const before = frame.own(slot);
  const after = writeSelected(before, type, selection, value);
  if (after !== before) frame.set(slot, after);
}
