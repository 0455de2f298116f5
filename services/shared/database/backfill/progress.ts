import type { BackfillState } from './state.ts';

export type Progress = {
  /** Of the rows that the table had when the backfill was begun; null where not known, and in later passes. */
  readonly percent: number | null;
  readonly rowsPerSecond: number | null;
  readonly secondsLeft: number | null;
};

/** How far it is, given how many rows were passed in how long. */
export function progressOf(state: BackfillState, rows: number, tookMs: number): Progress {
  const rowsPerSecond = tookMs > 0 && rows > 0 ? (rows / tookMs) * 1000 : null;
  const { rowsEstimate, rowsSeen, status, pass } = state;
  if (status === 'completed') return { percent: 100, rowsPerSecond, secondsLeft: 0 };
  // An estimate that was passed says nothing any more.
  if (rowsEstimate === null || pass > 1 || rowsSeen > rowsEstimate) {
    return { percent: null, rowsPerSecond, secondsLeft: null };
  }
  const left = rowsEstimate - rowsSeen;
  return {
    percent: (100 * rowsSeen) / rowsEstimate,
    rowsPerSecond,
    secondsLeft: rowsPerSecond === null ? null : left / rowsPerSecond,
  };
}
