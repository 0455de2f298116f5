import { counted } from '../../output.ts';

const MOST_ROWS = 20;
const LEAST_LABEL = 8;
const LEAST_BAR = 10;
const MOST_BAR = 60;
/** Blocks of an eighth of a letter, so that a bar's length tells a difference of one per cent. */
const EIGHTHS = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'];

/**
 * Counts as bars, the likeliest outcomes first, equal ones by name. Outcomes are written as in the result; one that is too long for
 * the width keeps its ends. Where there is no room for bars there are none.
 *
 * @param columns letters in a line
 */
export function histogram(counts: Readonly<Record<string, number>>, shots: number, columns: number): string {
  const sorted = Object.entries(counts).sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1));
  const shown = sorted.slice(0, MOST_ROWS);
  const most = shown[0]?.[1] ?? 1;
  const digits = String(most).length;
  // Two blanks before the outcome, before the count and before the bar; one before the share, which has seven letters.
  const room = columns - digits - 14;
  const hasBars = room >= LEAST_LABEL + LEAST_BAR;
  const longest = Math.max(...shown.map(([outcome]) => written(outcome).length));
  const label = Math.min(longest, Math.max(LEAST_LABEL, hasBars ? room - LEAST_BAR : room + 2));
  const rows = shown.map(([outcome, count]) => {
    const share = `${((100 * count) / shots).toFixed(2)}%`.padStart(7);
    const row = `  ${shorten(written(outcome), label).padStart(label)}  ${String(count).padStart(digits)} ${share}`;
    return hasBars ? `${row}  ${bar(count / most, Math.min(MOST_BAR, room - label))}` : row;
  });
  const others = sorted.slice(MOST_ROWS);
  if (others.length > 0) {
    const rest = others.reduce((sum, [, count]) => sum + count, 0);
    rows.push(
      `  and ${counted(others.length, 'other outcome')} in ${counted(rest, 'shot')}; --json prints them all`,
    );
  }
  return rows.join('\n');
}

function written(outcome: string): string {
  return outcome === '' ? '(no bits)' : outcome;
}

function shorten(outcome: string, width: number): string {
  if (outcome.length <= width) return outcome;
  const tail = Math.floor((width - 1) / 2);
  return `${outcome.slice(0, width - 1 - tail)}…${outcome.slice(-tail)}`;
}

function bar(share: number, width: number): string {
  const eighths = Math.max(1, Math.round(share * width * 8));
  return '█'.repeat(Math.floor(eighths / 8)) + EIGHTHS[eighths % 8];
}
