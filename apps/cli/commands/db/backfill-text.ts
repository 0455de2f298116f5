import type { BackfillProgress, ListedBackfill } from '@quantum-hub/database/admin';
import { durationText, facts } from '../../output.ts';

const statusOf = ({ report }: ListedBackfill) => report?.status ?? 'not begun';

export function backfillTable(backfills: readonly ListedBackfill[]): string {
  if (backfills.length === 0) return 'This code has no backfills, and the database knows none.';
  return facts(backfills.map((backfill) => [backfill.name, statusOf(backfill)]));
}

export function backfillText(backfill: ListedBackfill): string {
  const { name, report, declared } = backfill;
  const heading = `${name}: ${statusOf(backfill)}`;
  if (!report) return heading;
  const { table, rowsSeen, rowsChanged, rowsEstimate, pass, error, startedAt, updatedAt, finishedAt } =
    report;
  const lines = facts([
    ['Table', table],
    [
      'Rows',
      `${rowsSeen} passed${rowsEstimate === null ? '' : ` of ~${rowsEstimate}`}, ${rowsChanged} changed`,
    ],
    ['Progress', finishedAt ? undefined : progressText(report)],
    ['Pass', pass > 1 ? String(pass) : undefined],
    ['Begun', startedAt.toISOString()],
    ['Last batch', updatedAt.toISOString()],
    ['Finished', finishedAt?.toISOString()],
    ['Error', error ?? undefined],
    ['Note', declared ? undefined : 'this code has no backfill of this name any more'],
  ]);
  return `${heading}\n${lines}`;
}

/** `43%, 1200 rows/s, 3 min left`, as far as it is known. */
export function progressText({ percent, rowsPerSecond, secondsLeft }: BackfillProgress): string {
  const parts = [
    percent === null ? undefined : `${percent.toFixed(0)}%`,
    rowsPerSecond === null ? undefined : `${rowsPerSecond.toFixed(0)} rows/s`,
    secondsLeft === null ? undefined : `${durationText(secondsLeft)} left`,
  ].filter((part) => part !== undefined);
  return parts.length > 0 ? parts.join(', ') : 'not known yet';
}
