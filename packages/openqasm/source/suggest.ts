/** Names longer than this are compared by their equality only: the comparison takes the product of two lengths. */
const LONGEST_NAME = 64;

/**
 * The name among `names` that was probably meant by `name`: the nearest by edits (insert, delete, replace, swap two
 * neighbours), at most one edit for names up to four characters, two up to eight, three beyond. The first of equals.
 */
export function suggest(name: string, names: Iterable<string>): string | undefined {
  if (name.length > LONGEST_NAME) return undefined;
  let best: string | undefined;
  let most = (name.length <= 4 ? 1 : name.length <= 8 ? 2 : 3) + 1;
  for (const candidate of names) {
    if (candidate === name || Math.abs(candidate.length - name.length) >= most) continue;
    // One letter for another says nothing about names of one letter.
    if (candidate.length === 1 || name.length === 1) {
      if (candidate.toLowerCase() === name.toLowerCase()) return candidate;
      continue;
    }
    const edits = distance(name.toLowerCase(), candidate.toLowerCase());
    if (edits < most) {
      best = candidate;
      most = edits;
    }
  }
  return best;
}

/** Damerau and Levenshtein's distance in its restricted form (no stretch is edited twice). */
function distance(a: string, b: string): number {
  let before: number[] = [];
  let above = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row++) {
    const line = [row];
    for (let column = 1; column <= b.length; column++) {
      const same = a[row - 1] === b[column - 1];
      let edits = Math.min(
        (above[column] as number) + 1,
        (line[column - 1] as number) + 1,
        (above[column - 1] as number) + (same ? 0 : 1),
      );
      if (row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1]) {
        edits = Math.min(edits, (before[column - 2] as number) + 1);
      }
      line.push(edits);
    }
    before = above;
    above = line;
  }
  return above[b.length] as number;
}
