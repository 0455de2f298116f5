/** The partitions that jobs and results are cut into: one a month of the UUIDv7 id. */
import { uuidv7Floor } from '@quantum-hub/kernel';

/** Tables cut alike: results, events and attempts lie in the partition of their job's month. */
export const partitionedTables = ['jobs', 'job_results', 'job_events', 'job_attempts'] as const;

export type Month = { readonly year: number /** 1 to 12. */; readonly month: number };

export type Partition = {
  readonly name: string;
  /** First id inside. */
  readonly from: string;
  /** First id after. */
  readonly to: string;
};

export function monthOf(date: Date): Month {
  return { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1 };
}

export function addMonths({ year, month }: Month, months: number): Month {
  const index = monthIndex({ year, month }) + months;
  return { year: Math.floor(index / 12), month: (index % 12) + 1 };
}

/** The months from one to another, both included; empty where the second lies before the first. */
export function monthsBetween(first: Month, last: Month): Month[] {
  const length = monthIndex(last) - monthIndex(first) + 1;
  return Array.from({ length: Math.max(0, length) }, (_, index) => addMonths(first, index));
}

/** Months since the year 0: for comparing. */
export function monthIndex({ year, month }: Month): number {
  return year * 12 + (month - 1);
}

/** `2026-11`. */
export function monthText({ year, month }: Month): string {
  return `${year}-${String(month).padStart(2, '0')}`;
}

/** `jobs_2026_11`, with the bounds of the ids made in that month (UTC). */
export function partitionOf(table: string, month: Month): Partition {
  return {
    name: `${table}_${monthText(month).replace('-', '_')}`,
    from: floorOf(month),
    to: floorOf(addMonths(month, 1)),
  };
}

function floorOf({ year, month }: Month): string {
  return uuidv7Floor(new Date(Date.UTC(year, month - 1, 1)));
}
