const MOST_ROWS = 20;
const LEAST_BAR = 10;
/** Blocks of an eighth of a letter, so that a bar's length tells a difference of one per cent. */
const EIGHTHS = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'];

/**
 * Counts as bars, the likeliest outcomes first, equal ones by name. Outcomes are written as in the result; one that is too long for
 * the width keeps its ends.
 *
 * @param columns letters in a line
 */
export function histogram(counts: Readonly<Record<string, number>>, shots: number, columns: number): string {
  const sorted = Object.entries(counts).sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1));
  const shown = sorted.slice(0, MOST_ROWS);
  const longest = Math.max(...shown.map(([outcome]) => outcome.length));
  const digits = String(shown[0]?.[1] ?? 0).length;
  const label = Math.max(8, Math.min(longest, columns - LEAST_BAR - digits - 14));
  const width = Math.max(LEAST_BAR, Math.min(60, columns - label - digits - 14));
  const most = shown[0]?.[1] ?? 1;
  const rows = shown.map(([outcome, count]) => {
    const share = `${((100 * count) / shots).toFixed(2)}%`.padStart(7);
    return `  ${shorten(outcome, label).padStart(Math.min(label, longest))}  ${String(count).padStart(digits)} ${share}  ${bar(count / most, width)}`;
  });
  const others = sorted.slice(MOST_ROWS);
  if (others.length > 0) {
    const rest = others.reduce((sum, [, count]) => sum + count, 0);
    rows.push(`  and ${others.length} other outcomes in ${rest} shots; --json prints them all`);
  }
  return rows.join('\n');
}

function shorten(outcome: string, width: number): string {
  if (outcome === '') return '(no bits)';
  if (outcome.length <= width) return outcome;
  const ends = Math.floor((width - 1) / 2);
  return `${outcome.slice(0, ends)}…${outcome.slice(-ends)}`;
}

function bar(share: number, width: number): string {
  const eighths = Math.max(1, Math.round(share * width * 8));
  return '█'.repeat(Math.floor(eighths / 8)) + EIGHTHS[eighths % 8];
}
