import type { ArrayValue, Selector, Type, Value } from '../program/ir.ts';
import { convertValue, rangeIndices } from '../program/values/index.ts';

/** The part of a constant that constant selectors pick; undefined where one is known at run time only. */
export function pickConstant(
  value: Value,
  type: Type,
  selectors: readonly Selector[],
  result: Type,
): Value | undefined {
  if (type.kind === 'array') return pickElements(value as ArrayValue, selectors, result);
  const width =
    type.kind === 'bits' || type.kind === 'int' || type.kind === 'uint' || type.kind === 'angle'
      ? type.width
      : 0;
  const places = constantPlaces(selectors[0] as Selector, width ?? 0);
  const bits = convertValue(value, type, { kind: 'bits', width: width ?? 0, lone: false }) as Int32Array;
  return places && Int32Array.from(places, (place) => bits[place] ?? 0);
}

function pickElements(array: ArrayValue, selectors: readonly Selector[], result: Type): Value | undefined {
  const places = array.sizes.map((size, i) => {
    const selector = selectors[i];
    return selector === undefined
      ? Array.from({ length: size }, (_, at) => at)
      : constantPlaces(selector, size);
  });
  let offsets = [0];
  for (const [i, size] of array.sizes.entries()) {
    const chosen = places[i];
    if (chosen === undefined) return undefined;
    offsets = offsets.flatMap((offset) => chosen.map((place) => offset * size + place));
  }
  const elements = offsets.map((offset) => array.elements[offset] as Value);
  return result.kind === 'array' ? { sizes: result.sizes.map((size) => size ?? 0), elements } : elements[0];
}

/** The places of a constant selector. Indices were checked before: they lie inside of the list. */
export function constantPlaces(selector: Selector, size: number): readonly number[] | undefined {
  const number = (part: { kind: string; value?: unknown } | undefined) =>
    part?.kind === 'constant' ? (part.value as bigint) : undefined;
  if (selector.kind === 'index') {
    const index = number(selector.index);
    return index === undefined ? undefined : [Number(index)];
  }
  if (selector.kind === 'set') {
    const indices = selector.indices.map(number);
    return indices.includes(undefined) ? undefined : indices.map(Number);
  }
  const parts = [selector.from, selector.step, selector.to];
  if (parts.some((part) => part !== undefined && part.kind !== 'constant')) return undefined;
  return rangeIndices(
    { from: number(selector.from), step: number(selector.step), to: number(selector.to) },
    size,
    '',
  );
}
