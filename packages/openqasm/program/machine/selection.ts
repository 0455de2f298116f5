import type { Span } from '../../source/diagnostic.ts';
import type { ArrayValue, Type, Value } from '../ir.ts';
import { bitsToInteger, convertValue, integerToBits, rangeIndices, resolveIndex } from '../values/index.ts';
import type { Scope } from './scope.ts';

/** A selector whose expressions are evaluated. */
export type Picker = Span &
  (
    | { readonly kind: 'index'; readonly index: bigint }
    | {
        readonly kind: 'range';
        readonly from: bigint | undefined;
        readonly step: bigint | undefined;
        readonly to: bigint | undefined;
      }
    | { readonly kind: 'set'; readonly indices: readonly bigint[] }
  );

/** Where in a value: places of an array (with the shape they make), then bits of one element or of a scalar. */
export type Selection = {
  readonly elements: readonly number[] | undefined;
  /** The shape of the picked elements; undefined: a lone one. */
  readonly sizes: readonly number[] | undefined;
  readonly bits: readonly number[] | undefined;
};

/** The places that `pickers` pick, one after another, from a list of `size`. @throws ValueError outside of it */
export function pickPlaces(
  pickers: readonly Picker[],
  size: number,
  scope: Scope,
  name: string,
): readonly number[] {
  let picked: readonly number[] | undefined;
  for (const picker of pickers) {
    const next = pickOnce(picker, picked === undefined ? size : picked.length, scope, name);
    const before = picked;
    picked = before === undefined ? next : next.map((at) => before[at] as number);
  }
  return picked ?? Array.from({ length: size }, (_, at) => at);
}

/** What `pickers` pick from `value`. @throws ValueError outside of it */
export function select(
  value: Value,
  type: Type,
  pickers: readonly Picker[],
  scope: Scope,
  name: string,
): Selection {
  if (type.kind !== 'array') {
    return {
      elements: undefined,
      sizes: undefined,
      bits: pickPlaces(pickers, widthOf(type, value), scope, name),
    };
  }
  const { sizes } = value as ArrayValue;
  const dimensions = pickers.slice(0, sizes.length);
  const rest = pickers.slice(sizes.length);
  let elements: readonly number[] = [0];
  const shape: number[] = [];
  for (const [dimension, size] of sizes.entries()) {
    const picker = dimensions[dimension];
    const picked = picker ? pickOnce(picker, size, scope, name) : Array.from({ length: size }, (_, at) => at);
    if (picker?.kind !== 'index') shape.push(picked.length);
    elements = elements.flatMap((before) => picked.map((at) => before * size + at));
  }
  scope.budget.step(scope.where, elements.length >> 3);
  const lone = shape.length === 0;
  const bits =
    lone && rest.length > 0 ? pickPlaces(rest, widthOf(type.element, value), scope, name) : undefined;
  return { elements, sizes: lone ? undefined : shape, bits };
}

/** A part of a value: a new value. */
export function readSelected(value: Value, type: Type, selection: Selection): Value {
  if (type.kind !== 'array' || selection.elements === undefined)
    return readBits(value, type, selection.bits ?? []);
  const { elements } = value as ArrayValue;
  if (selection.sizes !== undefined) {
    return { sizes: selection.sizes, elements: selection.elements.map((at) => elements[at] as Value) };
  }
  const element = elements[selection.elements[0] as number] as Value;
  return selection.bits === undefined ? element : readBits(element, type.element, selection.bits);
}

/** `value` (owned by the caller) with `part` put in where `selection` says; scalars come back as new values. */
export function writeSelected(value: Value, type: Type, selection: Selection, part: Value): Value {
  if (type.kind !== 'array' || selection.elements === undefined) {
    return writeBits(value, type, selection.bits ?? [], part as Int32Array);
  }
  const array = value as ArrayValue;
  if (selection.sizes !== undefined) {
    const parts = (part as ArrayValue).elements;
    for (const [index, at] of selection.elements.entries()) array.elements[at] = parts[index] as Value;
    return array;
  }
  const at = selection.elements[0] as number;
  const element = array.elements[at] as Value;
  array.elements[at] =
    selection.bits === undefined
      ? part
      : writeBits(copyOf(element), type.element, selection.bits, part as Int32Array);
  return array;
}

/** Whether what is written at `selection` may hold outcomes that are not known yet. */
export function holdsCells(type: Type): boolean {
  return type.kind === 'bits' || (type.kind === 'array' && type.element.kind === 'bits');
}

function pickOnce(picker: Picker, size: number, scope: Scope, name: string): readonly number[] {
  scope.where = picker;
  switch (picker.kind) {
    case 'index':
      return [resolveIndex(picker.index, size, name)];
    case 'range':
      return rangeIndices(picker, size, name);
    case 'set':
      return picker.indices.map((index) => resolveIndex(index, size, name));
  }
}

function widthOf(type: Type, value: Value): number {
  if (value instanceof Int32Array) return value.length;
  return type.kind === 'int' || type.kind === 'uint' || type.kind === 'angle' || type.kind === 'bits'
    ? (type.width ?? 64)
    : 1;
}

function copyOf(value: Value): Value {
  return value instanceof Int32Array ? value.slice() : value;
}

/** The cells of a scalar: its own, or those of a number (bit 0 the lowest). */
function cellsOf(value: Value, type: Type): Int32Array {
  if (value instanceof Int32Array) return value;
  const width = widthOf(type, value);
  if (typeof value === 'bigint') return integerToBits(value, width);
  return convertValue(value, type, { kind: 'bits', width, lone: false }) as Int32Array;
}

function readBits(value: Value, type: Type, bits: readonly number[]): Int32Array {
  const cells = cellsOf(value, type);
  return Int32Array.from(bits, (at) => cells[at] as number);
}

function writeBits(value: Value, type: Type, bits: readonly number[], part: Int32Array): Value {
  const cells = cellsOf(value, type);
  for (const [index, at] of bits.entries()) cells[at] = part[index] as number;
  if (value instanceof Int32Array) return cells;
  if (type.kind === 'angle')
    return convertValue(cells, { kind: 'bits', width: cells.length, lone: false }, type);
  return type.kind === 'int' ? BigInt.asIntN(cells.length, bitsToInteger(cells)) : bitsToInteger(cells);
}
