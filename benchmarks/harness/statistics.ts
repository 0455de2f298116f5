/** The value below which the given share (0 to 1) of the values lies; the nearest rank, no interpolation. */
export function quantile(values: readonly number[], share: number): number {
  if (values.length === 0) throw new RangeError('No values were measured; expected at least one.');
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] as number;
}

/** The middle value; of an even number the lower of the two in the middle, so that it is one that was measured. */
export function median(values: readonly number[]): number {
  if (values.length === 0) throw new RangeError('No values were measured; expected at least one.');
  return values.toSorted((a, b) => a - b)[Math.floor((values.length - 1) / 2)] as number;
}
