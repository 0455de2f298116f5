import { isAsciiName, isDigit, isHexDigit, unicodeNameLength } from './characters.ts';
import { T } from './token-kinds.ts';

type Scanned = { readonly kind: number; readonly end: number; readonly problem?: string };

const UNDERSCORE = 95;
const DOT = 46;

/** The end of digits that nothing but a symbol or a line end follows: most numbers of a program. Otherwise `start`. */
export function plainDecimalEnd(text: string, start: number): number {
  let at = start;
  while (isDigit(text.charCodeAt(at))) at++;
  const code = text.charCodeAt(at);
  // A blank may stand before a unit; letters, '_' and '.' belong to the number, or spoil it.
  const closed =
    (code > 32 && code < 46) || code === 47 || (code > 57 && code < 64) || code === 93 || code === 125;
  return closed ? at : start;
}

/**
 * The number literal at `start` (a digit, or a dot before one): an integer in base 2, 8, 10 or 16, a float, and with `units`
 * an imaginary or timing literal, whose unit may stand behind blanks. A single `_` may stand between two digits.
 */
export function scanNumber(text: string, start: number, units: boolean): Scanned {
  const prefix = text.charCodeAt(start) === 48 ? text.charCodeAt(start + 1) | 32 : 0;
  if (prefix === 98 || prefix === 120 || text.charCodeAt(start + 1) === 111) {
    if (text.charCodeAt(start) === 48) return scanBased(text, start, prefix);
  }
  let end = digits(text, start, isDigit);
  let kind: number = T.decimal;
  if (text.charCodeAt(end) === DOT) {
    kind = T.float;
    end = digits(text, end + 1, isDigit);
  }
  const exponent = exponentEnd(text, end);
  if (exponent > end) {
    kind = T.float;
    end = exponent;
  }
  if (units) {
    const unit = unitAt(text, end);
    if (unit) return { ...unit, ...problemOf(text, start, end) };
  }
  return closed(text, start, end, kind);
}

function scanBased(text: string, start: number, prefix: number): Scanned {
  const isOf = prefix === 120 ? isHexDigit : prefix === 98 ? isBinaryDigit : isOctalDigit;
  const kind = prefix === 120 ? T.hex : prefix === 98 ? T.binary : T.octal;
  const end = digits(text, start + 2, isOf);
  if (end === start + 2) return { kind, end: nameEnd(text, end), problem: 'its digits are missing' };
  return closed(text, start, end, kind);
}

/** A name or a digit right behind a number belongs to neither. */
function closed(text: string, start: number, end: number, kind: number): Scanned {
  const stop = nameEnd(text, end);
  if (stop === end) return { kind, end, ...problemOf(text, start, end) };
  return { kind, end: stop, problem: `'${text.slice(end, Math.min(stop, end + 20))}' does not belong to it` };
}

function problemOf(text: string, start: number, end: number): { problem?: string } {
  for (let at = start; at < end; at++) {
    if (text.charCodeAt(at) !== UNDERSCORE) continue;
    if (!isHexDigit(text.charCodeAt(at - 1)) || !isHexDigit(text.charCodeAt(at + 1)) || at + 1 === end) {
      return { problem: "a '_' stands between two digits" };
    }
  }
  return {};
}

function digits(text: string, from: number, isOf: (code: number) => boolean): number {
  let at = from;
  while (isOf(text.charCodeAt(at)) || (text.charCodeAt(at) === UNDERSCORE && at > from)) at++;
  return at;
}

function exponentEnd(text: string, at: number): number {
  if ((text.charCodeAt(at) | 32) !== 101) return at;
  const sign = text.charCodeAt(at + 1);
  const first = sign === 43 || sign === 45 ? at + 2 : at + 1;
  return isDigit(text.charCodeAt(first)) ? digits(text, first, isDigit) : at;
}

const UNITS = ['dt', 'ns', 'us', 'µs', 'μs', 'ms', 's', 'im'] as const;

function unitAt(text: string, end: number): { kind: number; end: number } | undefined {
  let at = end;
  while (text.charCodeAt(at) === 32 || text.charCodeAt(at) === 9) at++;
  for (const unit of UNITS) {
    if (!text.startsWith(unit, at)) continue;
    const stop = at + unit.length;
    if (nameEnd(text, stop) === stop) return { kind: unit === 'im' ? T.imaginary : T.time, end: stop };
  }
  return undefined;
}

function nameEnd(text: string, from: number): number {
  let at = from;
  for (;;) {
    const length = isAsciiName(text.charCodeAt(at)) ? 1 : unicodeNameLength(text, at);
    if (length === 0) return at;
    at += length;
  }
}

function isBinaryDigit(code: number): boolean {
  return code === 48 || code === 49;
}

function isOctalDigit(code: number): boolean {
  return code >= 48 && code <= 55;
}
