import { ASSIGNMENT_OPERATORS, BINARY_OPERATORS, T } from './token-kinds.ts';

const SYMBOLS: readonly (readonly [string, number])[] = [
  ['[', T.leftBracket],
  [']', T.rightBracket],
  ['{', T.leftBrace],
  ['}', T.rightBrace],
  ['(', T.leftParen],
  [')', T.rightParen],
  [':', T.colon],
  [';', T.semicolon],
  ['.', T.dot],
  [',', T.comma],
  ['->', T.arrow],
  ['~', T.tilde],
  ['!', T.not],
  ['++', T.concat],
  ...BINARY_OPERATORS.map((text, index) => [text, T.orOr + index] as const),
  ...ASSIGNMENT_OPERATORS.map((text, index) => [text, T.assign + index] as const),
];

/** The symbols by their first character, longest first, so that the first that fits is the longest. */
const BY_FIRST: (readonly { readonly rest: readonly number[]; readonly packed: number }[] | undefined)[] = [];
for (const [text, kind] of [...SYMBOLS].sort((a, b) => b[0].length - a[0].length)) {
  const rest = Array.from(text.slice(1), (character) => character.charCodeAt(0));
  const first = text.charCodeAt(0);
  BY_FIRST[first] = [...(BY_FIRST[first] ?? []), { rest, packed: (text.length << 8) | kind }];
}

/** The symbols that no longer one begins like, at once: most of a program's. */
const ALONE = new Uint16Array(128);
for (const [first, candidates] of BY_FIRST.entries()) {
  const [only] = candidates ?? [];
  if (only && candidates?.length === 1 && only.rest.length === 0) ALONE[first] = only.packed;
}

/** The longest symbol at `at`, as its length times 256 plus its kind; 0: none. */
export function operatorAt(text: string, at: number): number {
  const first = text.charCodeAt(at);
  if (first < 128 && ALONE[first] !== 0) return ALONE[first] as number;
  const candidates = BY_FIRST[first];
  if (candidates === undefined) return 0;
  for (const { rest, packed } of candidates) {
    if (rest.length === 0) return packed;
    if (rest[0] !== text.charCodeAt(at + 1)) continue;
    if (rest.length === 1 || rest[1] === text.charCodeAt(at + 2)) return packed;
  }
  return 0;
}

/** The text of a symbol, for messages. */
export function symbolText(kind: number): string | undefined {
  return SYMBOLS.find((symbol) => symbol[1] === kind)?.[0];
}
