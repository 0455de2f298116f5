/** Both ends included. */
export type Range = { readonly first: number; readonly last: number };

const RANGE = /^bytes=(?:(\d{1,15})-(\d{0,15})|-(\d{1,15}))$/;

/**
 * Reads a `Range` header (RFC 9110, 14.2). undefined: all is to be sent, for no header, another unit, or several ranges, which a server may
 * ignore.
 */
export function readByteRange(
  header: string | undefined,
  bytes: number,
): Range | 'unsatisfiable' | undefined {
  const [, from, to = '', suffix] = RANGE.exec(header?.trim() ?? '') ?? [];
  if (from === undefined && suffix === undefined) return undefined;
  const last = from === undefined || to === '' ? bytes - 1 : Math.min(Number(to), bytes - 1);
  const first = from === undefined ? Math.max(0, bytes - Number(suffix)) : Number(from);
  if (to !== '' && Number(to) < first) return undefined;
  return first > last ? 'unsatisfiable' : { first, last };
}
