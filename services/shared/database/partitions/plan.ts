/** Which months are there, which are missing and which are due to go: arithmetic only, so that properties can be tested. */
import { addMonths, type Month, monthIndex, monthsBetween } from './months.ts';

/** The months of one partition. */
export type Span = {
  /** Undefined: everything before `to`. */
  readonly from: Month | undefined;
  /** The first month after it. */
  readonly to: Month;
};

export type Coverage = {
  /** Months after this one that are there without a gap; -1 when this month itself is missing. */
  readonly monthsAhead: number;
  /** Months between the first and the last partition that no partition holds. */
  readonly gaps: readonly Month[];
};

/** Fewer months ahead than this is a fault: there must be time to see it and to act. */
export const leastMonthsAhead = 2;

function oldestOf(spans: readonly Span[], first: Month): Month {
  const starts = spans.map(({ from }) => from ?? first);
  return starts.reduce((a, b) => (monthIndex(b) < monthIndex(a) ? b : a), starts[0] ?? first);
}

function isCovered(spans: readonly Span[], month: Month): boolean {
  const index = monthIndex(month);
  return spans.some(
    ({ from, to }) => (from === undefined || monthIndex(from) <= index) && index < monthIndex(to),
  );
}

/**
 * The months up to `last` that have to be made. Those before the oldest partition are not: they were detached.
 * `first` is the hub's first month, which follows the partition without a lower bound.
 */
export function missingMonths(spans: readonly Span[], first: Month, last: Month): Month[] {
  return monthsBetween(oldestOf(spans, first), last).filter((month) => !isCovered(spans, month));
}

/** Whether a partition lies wholly before the last `keepMonths` months before this one. */
export function isDue({ to }: Span, thisMonth: Month, keepMonths: number): boolean {
  return monthIndex(to) <= monthIndex(addMonths(thisMonth, -keepMonths));
}

export function coverageOf(spans: readonly Span[], first: Month, thisMonth: Month): Coverage {
  let monthsAhead = -1;
  while (isCovered(spans, addMonths(thisMonth, monthsAhead + 1))) monthsAhead += 1;
  const ends = spans.map(({ to }) => monthIndex(to));
  const last = addMonths(first, Math.max(monthIndex(first), ...ends) - monthIndex(first) - 1);
  return { monthsAhead, gaps: missingMonths(spans, first, last) };
}
