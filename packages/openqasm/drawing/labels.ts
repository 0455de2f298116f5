const DENOMINATORS = [1, 2, 3, 4, 6, 8, 16, 32, 64];
const EXACT = 1e-12;

/** An angle as people write it: `3π/4`, `-π`, `0.3`. Fractions of pi only where they are exact to 1e-12. */
export function angleLabel(angle: number): string {
  if (angle === 0) return '0';
  for (const denominator of DENOMINATORS) {
    const numerator = (angle / Math.PI) * denominator;
    const whole = Math.round(numerator);
    if (whole === 0 || Math.abs(numerator - whole) > EXACT * denominator || Math.abs(whole) > 99) continue;
    const times = Math.abs(whole) === 1 ? '' : String(Math.abs(whole));
    return `${whole < 0 ? '-' : ''}${times}π${denominator === 1 ? '' : `/${denominator}`}`;
  }
  return String(Number(angle.toPrecision(4)));
}

/** One line, spaces and line breaks as single spaces, cut where it is longer than `most`. */
export function shorten(text: string, most: number): string {
  const line = text.replace(/\s+/g, ' ').trim();
  const letters = [...line];
  return letters.length <= most ? line : `${letters.slice(0, most - 1).join('')}…`;
}
