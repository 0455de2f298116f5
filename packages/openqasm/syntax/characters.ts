/** Classes of ASCII characters, as bits. */
const NAME_START = 1;
const DIGIT = 2;
const HEX_DIGIT = 4;

const CLASSES = new Uint8Array(128);
for (let code = 0; code < 128; code++) {
  const character = String.fromCharCode(code);
  if (/[A-Za-z_]/.test(character)) CLASSES[code] = (CLASSES[code] as number) | NAME_START;
  if (/[0-9]/.test(character)) CLASSES[code] = (CLASSES[code] as number) | DIGIT;
  if (/[0-9A-Fa-f]/.test(character)) CLASSES[code] = (CLASSES[code] as number) | HEX_DIGIT;
}

export function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}

export function isHexDigit(code: number): boolean {
  return code < 128 && ((CLASSES[code] as number) & HEX_DIGIT) !== 0;
}

export function isAsciiName(code: number): boolean {
  return code < 128 && ((CLASSES[code] as number) & (NAME_START | DIGIT)) !== 0;
}

export function isAsciiNameStart(code: number): boolean {
  return code < 128 && ((CLASSES[code] as number) & NAME_START) !== 0;
}

const UNICODE_NAME = /^[\p{Lu}\p{Ll}\p{Lt}\p{Lm}\p{Lo}\p{Nl}]$/u;

/** How many code units of a name stand at `at`, beyond ASCII (1 or 2; 0: none). The specification's classes. */
export function unicodeNameLength(text: string, at: number): 0 | 1 | 2 {
  const code = text.codePointAt(at);
  if (code === undefined || code < 128 || !UNICODE_NAME.test(String.fromCodePoint(code))) return 0;
  return code > 0xffff ? 2 : 1;
}

/** A character as a person can read it in a message: itself, or its number where it can't be seen. */
export function shown(code: number): string {
  const visible = code > 32 && code !== 127 && !(code >= 0x80 && code < 0xa1) && code !== 0xfffd;
  const number = `U+${code.toString(16).toUpperCase().padStart(4, '0')}`;
  if (!visible || (code >= 0xd800 && code < 0xe000)) return number;
  return code < 128 ? `'${String.fromCodePoint(code)}'` : `'${String.fromCodePoint(code)}' (${number})`;
}
