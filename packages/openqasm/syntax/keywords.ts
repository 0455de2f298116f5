/** Keywords of both languages, of OpenQASM 2 only, and of OpenQASM 3 only; token kinds count on from 80 in this order. */
export const KEYWORDS = [
  'OPENQASM',
  'include',
  'qreg',
  'creg',
  'gate',
  'measure',
  'reset',
  'barrier',
  'if',
  'opaque',
  // OpenQASM 3 only: names in OpenQASM 2. Types first.
  'bit',
  'bool',
  'int',
  'uint',
  'float',
  'angle',
  'complex',
  'duration',
  'stretch',
  'array',
  'qubit',
  'defcalgrammar',
  'def',
  'cal',
  'defcal',
  'extern',
  'box',
  'let',
  'break',
  'continue',
  'else',
  'end',
  'return',
  'for',
  'while',
  'in',
  'switch',
  'case',
  'default',
  'nop',
  'input',
  'output',
  'const',
  'readonly',
  'mutable',
  'void',
  'gphase',
  'inv',
  'pow',
  'ctrl',
  'negctrl',
  'durationof',
  'delay',
  'true',
  'false',
] as const;

export type Keyword = (typeof KEYWORDS)[number];

const FIRST_KEYWORD = 80;

/** Token kinds of the keywords: `K.qubit`. */
export const K = Object.fromEntries(
  KEYWORDS.map((keyword, index) => [keyword, FIRST_KEYWORD + index]),
) as Readonly<Record<Keyword, number>>;

/** The first keyword's kind, and the first one that OpenQASM 2 reads as a name. */
export const KEYWORDS_FROM = FIRST_KEYWORD;
export const VERSION_3_FROM = K.bit;

/** True for names that OpenQASM 3 keeps for itself; `opaque` is a plain name there. */
export function isReserved(name: string): boolean {
  return name !== 'opaque' && (name === 'pragma' || KEYWORDS.some((keyword) => keyword === name));
}

export function isScalarType(kind: number): boolean {
  return kind >= K.bit && kind <= K.stretch;
}
