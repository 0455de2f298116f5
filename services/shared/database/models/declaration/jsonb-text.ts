/**
 * The length in bytes of a value as PostgreSQL prints jsonb (`{"a": 1, "b": [1, 2]}`), which differs
 * from JSON.stringify: a space after colon and comma, numbers written out without an exponent,
 * keys set to undefined left out. A CHECK bounds that text, so zod has to measure the same one.
 */
export function jsonbTextLength(value: unknown): number {
  if (value === null || typeof value === 'boolean') return String(value).length;
  if (typeof value === 'number') return numberLength(value);
  if (typeof value === 'string') return stringLength(value);
  if (Array.isArray(value)) {
    return value.reduce<number>((sum, item) => sum + jsonbTextLength(item), 2 + separators(value.length));
  }
  if (typeof value !== 'object') return 0;
  const entries = Object.entries(value).filter(([, item]) => item !== undefined);
  return entries.reduce(
    (sum, [key, item]) => sum + stringLength(key) + 2 + jsonbTextLength(item),
    2 + separators(entries.length),
  );
}

function separators(items: number): number {
  return Math.max(0, items - 1) * 2;
}

/** `1e21` is sent as `1e+21`, kept as numeric and printed as 22 digits; `1e-7` as `0.0000001`. */
function numberLength(value: number): number {
  const [mantissa = '', exponentText] = JSON.stringify(value).split('e');
  if (exponentText === undefined) return mantissa.length;
  const sign = mantissa.startsWith('-') ? 1 : 0;
  const exponent = Number(exponentText);
  // JavaScript writes an exponent from 1e21 up, where at most 17 digits are significant: no fraction is left.
  if (exponent > 0) return sign + 1 + exponent;
  const fraction = mantissa.split('.')[1] ?? '';
  return sign + '0.'.length - exponent + fraction.length;
}

/** Quote, backslash and control characters. */
const escaped = /["\\\p{Cc}]/gu;

/**
 * jsonb escapes quote, backslash and control characters; everything else is UTF-8 as it is. Counted natively:
 * a loop over 64 MiB of characters took 6 s.
 */
function stringLength(text: string): number {
  let length = 2 + Buffer.byteLength(text);
  for (const [char] of text.matchAll(escaped)) {
    // The control characters from U+007F on stand as they are.
    if (char > '~') continue;
    length += char >= ' ' || '\b\f\n\r\t'.includes(char) ? 1 : 5;
  }
  return length;
}
