const singles: (readonly number[])[] = [];

/** The list of one qubit; always the same one, since most operations have such lists. */
export function only(qubit: number): readonly number[] {
  const known = singles[qubit];
  if (known) return known;
  const made = [qubit];
  // A sparse or very long list would be slower than no list.
  if (qubit <= singles.length && qubit < 4096) singles[qubit] = made;
  return made;
}
