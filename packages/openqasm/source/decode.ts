import type { Finding } from './diagnostic.ts';

/** `text` ends where the source stops being text; `finding` tells why. */
type Decoded = { readonly text: string; readonly finding: Finding | undefined };

const BYTE_ORDER_MARK = '\uFEFF';

/** Text from UTF-8 bytes, or a string as it is; a byte order mark is taken off. More than `limit` bytes are not read. */
export function decodeSource(source: string | Uint8Array, limit: number): Decoded {
  const bytes = typeof source === 'string' ? utf8Length(source, limit) : source.length;
  if (bytes > limit) return { text: '', finding: tooLong(limit) };
  if (typeof source === 'string') return { text: withoutMark(source), finding: undefined };
  const bad = firstInvalidByte(source);
  if (bad < 0) return { text: withoutMark(new TextDecoder().decode(source)), finding: undefined };
  const good = withoutMark(new TextDecoder().decode(source.subarray(0, bad)));
  // The mark stands for the bad byte, so that the finding has a place on its line.
  return { text: `${good}\uFFFD`, finding: notText(good.length, source[bad] as number) };
}

function withoutMark(text: string): string {
  return text.startsWith(BYTE_ORDER_MARK) ? text.slice(1) : text;
}

function tooLong(limit: number): Finding {
  return {
    start: 0,
    end: 0,
    code: 'limit',
    message: `The program is longer than the limit of ${limit} bytes.`,
    expected: `a program of at most ${limit} bytes`,
  };
}

function notText(at: number, byte: number): Finding {
  const hex = byte.toString(16).padStart(2, '0').toUpperCase();
  return {
    start: at,
    end: at + 1,
    code: 'encoding',
    message: `The byte 0x${hex} is not UTF-8 text.`,
    expected: 'UTF-8 text',
    suggestion: 'save the program as a UTF-8 text file',
  };
}

/** Counted up to just past `limit`, so that a long string costs no more than the limit. */
function utf8Length(text: string, limit: number): number {
  if (text.length > limit || text.length * 3 <= limit) return text.length;
  let bytes = 0;
  for (let at = 0; at < text.length && bytes <= limit; at++) {
    const code = text.charCodeAt(at);
    bytes += code < 0x80 ? 1 : code < 0x800 || (code >= 0xd800 && code < 0xe000) ? 2 : 3;
  }
  return bytes;
}

/** Where the bytes stop being UTF-8 (RFC 3629: no overlong forms, no surrogates, nothing past U+10FFFF), or -1. */
function firstInvalidByte(bytes: Uint8Array): number {
  let at = 0;
  while (at < bytes.length) {
    const lead = bytes[at] as number;
    const length = lead < 0x80 ? 1 : sequenceLength(lead, bytes[at + 1] ?? 0);
    if (length === 0) return at;
    for (let next = 1; next < length; next++) {
      if (((bytes[at + next] ?? 0) & 0xc0) !== 0x80) return at;
    }
    at += length;
  }
  return -1;
}

function sequenceLength(lead: number, second: number): 0 | 2 | 3 | 4 {
  if (lead >= 0xc2 && lead <= 0xdf) return 2;
  if (lead === 0xe0) return second >= 0xa0 ? 3 : 0;
  if (lead === 0xed) return second <= 0x9f ? 3 : 0;
  if (lead >= 0xe1 && lead <= 0xef) return 3;
  if (lead === 0xf0) return second >= 0x90 ? 4 : 0;
  if (lead >= 0xf1 && lead <= 0xf3) return 4;
  return lead === 0xf4 && second <= 0x8f ? 4 : 0;
}
