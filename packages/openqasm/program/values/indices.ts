import { ValueError } from './value-error.ts';

/** The place that an index means in a list of `size`: negative ones count from the end. `name` stands in the message. */
export function resolveIndex(index: bigint, size: number, name: string): number {
  const length = BigInt(size);
  if (index >= length || index < -length) {
    throw new ValueError(
      'index',
      `${name} has no element ${index}: it has ${size} element${size === 1 ? '' : 's'}.`,
      size === 0 ? 'a list with elements' : `an index from 0 to ${size - 1}, or from -${size} to -1`,
    );
  }
  return Number(index < 0n ? index + length : index);
}

/** How many numbers `from:step:to` has, both ends counted in. */
export function rangeLength(from: bigint, step: bigint, to: bigint): bigint {
  if (step === 0n)
    throw new ValueError('value', 'A range with a step of 0 never ends.', 'a step other than 0');
  const distance = step > 0n ? to - from : from - to;
  return distance < 0n ? 0n : distance / (step > 0n ? step : -step) + 1n;
}

/**
 * The places that `[from:step:to]` picks from a list of `size`. Missing ends are the list's own (the other way round where the
 * step is negative). Every place must lie inside; a range without numbers picks nothing.
 */
export function rangeIndices(
  range: { from: bigint | undefined; step: bigint | undefined; to: bigint | undefined },
  size: number,
  name: string,
): number[] {
  const step = range.step ?? 1n;
  if (step === 0n) rangeLength(0n, step, 0n);
  const last = BigInt(size) - 1n;
  const end = (given: bigint | undefined, missing: bigint) => {
    if (given === undefined) return missing;
    return given < 0n ? given + BigInt(size) : given;
  };
  const from = end(range.from, step > 0n ? 0n : last);
  const to = end(range.to, step > 0n ? last : 0n);
  const length = rangeLength(from, step, to);
  if (length === 0n) return [];
  const final = from + (length - 1n) * step;
  resolveIndex(from < 0n ? from - BigInt(size) : from, size, name);
  resolveIndex(final < 0n ? final - BigInt(size) : final, size, name);
  return Array.from({ length: Number(length) }, (_, i) => Number(from) + i * Number(step));
}
