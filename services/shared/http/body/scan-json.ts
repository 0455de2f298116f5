const quote = 0x22;
const backslash = 0x5c;
const letterU = 0x75;
const opening = [0x5b, 0x7b];
const closing = [0x5d, 0x7d];

export type JsonFault = 'too deep' | 'U+0000' | 'half of a surrogate pair';

/**
 * Looks through the text of a JSON value without reading it: is it nested more than `mostDepth` levels, or does a string in
 * it hold what PostgreSQL refuses? One pass, no recursion, so that no text costs more than its length. Whether it is JSON at
 * all is for the parser to say.
 */
export function scanJson(text: string, mostDepth: number): JsonFault | undefined {
  if (!text.isWellFormed()) return 'half of a surrogate pair';
  let depth = 0;
  let inString = false;
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (code === quote) inString = !inString;
    else if (code === backslash && inString) {
      if (text.charCodeAt(index + 1) !== letterU) index += 1;
      else {
        const escaped = readEscape(text, index);
        if (escaped.fault) return escaped.fault;
        index += escaped.length - 1;
      }
    } else if (inString) continue;
    else if (opening.includes(code)) {
      depth += 1;
      if (depth > mostDepth) return 'too deep';
    } else if (closing.includes(code)) depth -= 1;
  }
  return undefined;
}

/** Reads `\\uXXXX`, or two of them that make one character beyond U+FFFF. */
function readEscape(text: string, index: number): { fault?: JsonFault; length: number } {
  const unit = unitAt(text, index);
  if (unit === 0) return { fault: 'U+0000', length: 6 };
  if (unit >= 0xdc00 && unit <= 0xdfff) return { fault: 'half of a surrogate pair', length: 6 };
  if (unit < 0xd800 || unit > 0xdbff) return { length: 6 };
  const next = unitAt(text, index + 6);
  return next >= 0xdc00 && next <= 0xdfff ? { length: 12 } : { fault: 'half of a surrogate pair', length: 6 };
}

/** -1 where there is no `\\uXXXX`: the parser will refuse the text if it is none of JSON's. */
function unitAt(text: string, index: number): number {
  const digits = text.slice(index + 2, index + 6);
  return text.startsWith('\\u', index) && /^[0-9a-fA-F]{4}$/.test(digits) ? Number.parseInt(digits, 16) : -1;
}
