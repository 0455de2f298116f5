import type { Expression, HardwareQubit } from './ast.ts';
import type { Cursor } from './cursor.ts';
import { BROKEN } from './pass.ts';
import { T } from './token-kinds.ts';

/** Longer integers are refused: reading a decimal takes the square of its digits. */
const MOST_DIGITS = 4096;
const HARDWARE_QUBITS = 2 ** 31;

/** Most integers are small indices: these are made once. */
const SMALL = Array.from({ length: 1024 }, (_, value) => BigInt(value));

/** The literal at the cursor, or undefined where the token is none. */
export function parseLiteral(c: Cursor): Expression | undefined {
  const { kind } = c;
  if (kind < T.decimal || kind > T.hardwareQubit) return undefined;
  const { start, end } = c;
  if (kind <= T.hex) return parseInteger(c, start, end);
  if (kind === T.string) return parseBitstring(c);
  if (kind === T.hardwareQubit) return parseHardwareQubit(c);
  const text = withoutUnderscores(c.text);
  c.next();
  if (kind === T.float)
    return { kind: 'float', start, end, value: finite(c, Number(text), start, end), text };
  const number = /^[0-9.]+(?:[eE][+-]?[0-9]+)?/.exec(text)?.[0] ?? '';
  const unit = text.slice(number.length).trim();
  const value = finite(c, Number(number), start, end);
  if (kind === T.imaginary) return { kind: 'imaginary', start, end, value, text: `${number}im` };
  const known = unit === 'dt' || unit === 'ns' || unit === 'ms' || unit === 's' ? unit : 'us';
  return { kind: 'duration-literal', start, end, value, unit: known, text: `${number}${known}` };
}

/** Tells of a number that float64 does not hold: infinity would go on through everything that is computed from it. */
function finite(c: Cursor, value: number, start: number, end: number): number {
  if (value === Number.POSITIVE_INFINITY) {
    c.report(
      { start, end },
      'value',
      'The number is too large for a float.',
      'at most 1.7976931348623157e308',
    );
  }
  return value;
}

function parseInteger(c: Cursor, start: number, end: number): Expression {
  const base = c.kind === T.decimal ? 10 : c.kind === T.hex ? 16 : c.kind === T.octal ? 8 : 2;
  if (base === 10 && end - start < 4) {
    const small = smallInteger(c.file.text, start - c.file.base, end - c.file.base);
    if (small >= 0) {
      c.next();
      return { kind: 'integer', start, end, value: SMALL[small] as bigint, base };
    }
  }
  if (end - start > MOST_DIGITS) {
    const expected = `at most ${MOST_DIGITS} digits`;
    c.report({ start, end }, 'limit', `A number of ${end - start} digits is too long to be read.`, expected);
    throw BROKEN;
  }
  const text = withoutUnderscores(c.text).toLowerCase();
  c.next();
  return { kind: 'integer', start, end, value: BigInt(text), base };
}

/** Few literals have any. */
function withoutUnderscores(text: string): string {
  return text.includes('_') ? text.replaceAll('_', '') : text;
}

/** The value of up to three digits, or -1 where `_` is among them. */
function smallInteger(text: string, start: number, end: number): number {
  let value = 0;
  for (let at = start; at < end; at++) {
    const digit = text.charCodeAt(at) - 48;
    if (digit < 0 || digit > 9) return -1;
    value = value * 10 + digit;
  }
  return value;
}

function parseBitstring(c: Cursor): Expression {
  const { start, end, text } = c;
  const bits = text.slice(1, -1);
  // The lexer told of a string that is not closed.
  if (text.length < 2 || !text.endsWith(text[0] as string)) c.failReported();
  if (text[0] !== '"' || !/^[01](?:_?[01])*$/.test(bits)) {
    c.fail('a bit string such as "0101" or another value');
  }
  c.next();
  return { kind: 'bitstring', start, end, bits: bits.replaceAll('_', '') };
}

export function parseHardwareQubit(c: Cursor): HardwareQubit {
  const { start, end } = c;
  const number = Number(c.text.slice(1));
  if (number >= HARDWARE_QUBITS) {
    const expected = `a hardware qubit below $${HARDWARE_QUBITS}`;
    c.report({ start, end }, 'limit', `The hardware qubit ${c.text.slice(0, 40)} does not exist.`, expected);
    throw BROKEN;
  }
  c.next();
  return { kind: 'hardware-qubit', start, end, number };
}
