/** What a change of a column's type means for what is stored. */

/** `free`: no value changes and none is rewritten. `rewrite`: every value fits, the table is rewritten. `narrow`: some may not fit. */
export type TypeChange = 'free' | 'rewrite' | 'narrow';

const wholeNumbers = ['smallint', 'integer', 'bigint'];
const widerNumbers: Readonly<Record<string, readonly string[]>> = {
  smallint: ['integer', 'bigint', 'numeric', 'real', 'double precision'],
  integer: ['bigint', 'numeric', 'double precision'],
  bigint: ['numeric'],
  real: ['double precision'],
};
const texts = ['text', 'character varying'];

type Parsed = { readonly base: string; readonly sizes: readonly number[]; readonly isArray: boolean };

function parse(type: string): Parsed {
  const sizes = [...(/\((?<sizes>[\d, ]+)\)/.exec(type)?.groups?.sizes ?? '').matchAll(/\d+/g)].map(Number);
  const base = type.replace(/\([\d, ]+\)/, '').replace(/\[\]$/, '');
  return { base, sizes, isArray: type.endsWith('[]') };
}

export function typeChange(from: string, to: string): TypeChange {
  const [a, b] = [parse(from), parse(to)];
  if (a.isArray !== b.isArray) return 'narrow';
  if (texts.includes(a.base) && texts.includes(b.base)) return growsTo(a.sizes, b.sizes) ? 'free' : 'narrow';
  if (a.base === b.base) return sameBase(a, b);
  if (widerNumbers[a.base]?.includes(b.base) && b.sizes.length === 0) return 'rewrite';
  // A date is an instant at midnight; the other way the time is lost.
  if (a.base === 'date' && b.base.startsWith('timestamp')) return 'rewrite';
  const isInstant = (base: string) => base.startsWith('timestamp with');
  if (isInstant(a.base) && isInstant(b.base)) return 'rewrite';
  // Everything can be written out as text, and json is read as jsonb.
  if (texts.includes(b.base) && b.sizes.length === 0) return 'rewrite';
  return a.base === 'json' && b.base === 'jsonb' ? 'rewrite' : 'narrow';
}

function sameBase(a: Parsed, b: Parsed): TypeChange {
  if (a.base === 'numeric') return growsNumeric(a.sizes, b.sizes) ? 'free' : 'narrow';
  if (a.base === 'character') return growsTo(a.sizes, b.sizes) ? 'rewrite' : 'narrow';
  return growsTo(a.sizes, b.sizes) || wholeNumbers.includes(a.base) ? 'free' : 'narrow';
}

/** Without a size there is no limit. */
function growsTo([a]: readonly number[], [b]: readonly number[]): boolean {
  return b === undefined || (a !== undefined && a <= b);
}

/** More digits before the point, and as many behind it: other scales are rewritten, and rounded. */
function growsNumeric(a: readonly number[], b: readonly number[]): boolean {
  if (b.length === 0) return true;
  const [precision, scale = 0] = a;
  const [toPrecision = 0, toScale = 0] = b;
  return precision !== undefined && scale === toScale && precision <= toPrecision;
}

/** Whether the change may alter a value without a word; others fail at the first value that does not fit. */
export function losesSilently(from: string, to: string): boolean {
  if (typeChange(from, to) !== 'narrow') return false;
  const [a, b] = [parse(from), parse(to)];
  const among = (bases: readonly string[]) => bases.includes(a.base) && bases.includes(b.base);
  const sameScale = among(['numeric']) && (a.sizes[1] ?? 0) === (b.sizes[1] ?? 0) && a.sizes.length > 0;
  return a.isArray !== b.isArray || !(among(wholeNumbers) || among(texts) || sameScale);
}
