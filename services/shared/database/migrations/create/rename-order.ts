/** Names that change at once, one after the other: each when its new name is free, also where two or more change places. */

export type Move = { readonly from: string; readonly to: string };

/** A name that stays as it is keeps those from moving that want it, and these in turn others. */
export function possibleMoves<M extends Move>(moves: readonly M[], names: ReadonlySet<string>): M[] {
  const leaving = new Set(moves.map(({ from }) => from));
  const possible = moves.filter(({ to }) => !names.has(to) || leaving.has(to));
  return possible.length === moves.length ? possible : possibleMoves(possible, names);
}

/** Where names go round in a circle, one of them waits at the place that `spare` gives. */
export function inOrder(moves: readonly Move[], spare: (move: Move) => string): Move[] {
  const open = [...moves];
  const ordered: Move[] = [];
  while (open.length > 0) {
    const at = open.findIndex(({ to }) => !open.some(({ from }) => from === to));
    const [move] = open.splice(Math.max(at, 0), 1) as [Move];
    if (at === -1) {
      const place = spare(move);
      ordered.push({ from: move.from, to: place });
      open.push({ from: place, to: move.to });
    } else ordered.push(move);
  }
  return ordered;
}

/** `renaming`, or with a number where that is taken. */
export function spareName(isTaken: (name: string) => boolean): string {
  for (let n = 1; ; n += 1) {
    const name = n === 1 ? 'renaming' : `renaming_${n}`;
    if (!isTaken(name)) return name;
  }
}
