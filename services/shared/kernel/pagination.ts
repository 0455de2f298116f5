import { hubError } from './errors/hub-error.ts';
import { isUuid } from './ids.ts';

export const defaultPageLimit = 50;
export const largestPageLimit = 200;

// 16 bytes in base64url without padding.
const cursorPattern = /^[A-Za-z0-9_-]{22}$/;

/** What a query needs to read one page: at most `limit` rows beyond the row with the id `after`. */
export interface PageRequest {
  limit: number;
  after?: string;
}

export interface Page<Row> {
  items: Row[];
  /** Absent on the last page. */
  nextCursor?: string;
}

/** The opaque cursor of a row: callers hand it back and read nothing into it, so its content may change. */
export function encodeCursor(id: string): string {
  if (!isUuid(id)) throw hubError('kernel.invalid_value', { name: 'id', value: id, expected: 'a UUID' });
  return Buffer.from(id.replaceAll('-', ''), 'hex').toString('base64url');
}

/** The id in a cursor; throws `kernel.invalid_value` for every text that `encodeCursor` does not make. */
export function decodeCursor(cursor: string): string {
  const hex = cursorPattern.test(cursor) ? Buffer.from(cursor, 'base64url').toString('hex') : '';
  const id = hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
  // The last character holds 4 unused bits: only the one way to write them counts, so that equal cursors are equal texts.
  if (!isUuid(id) || encodeCursor(id) !== cursor) {
    throw hubError('kernel.invalid_value', {
      name: 'cursor',
      value: cursor,
      expected: 'the nextCursor of an earlier page',
    });
  }
  return id;
}

/** Reads the two page parameters of a request: `limit` from 1 to 200 (50 when absent) and `cursor`. */
export function readPageRequest(input: { limit?: number; cursor?: string }): PageRequest {
  const limit = input.limit ?? defaultPageLimit;
  if (!Number.isInteger(limit) || limit < 1 || limit > largestPageLimit) {
    throw hubError('kernel.invalid_value', {
      name: 'limit',
      value: limit,
      expected: `a whole number from 1 to ${largestPageLimit}`,
    });
  }
  return input.cursor === undefined ? { limit } : { limit, after: decodeCursor(input.cursor) };
}

/** Makes a page of rows that were read with `limit + 1`: the row too many says that there is a next page. */
export function pageOf<Row extends { id: string }>(rows: readonly Row[], limit: number): Page<Row> {
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  return rows.length > limit && last ? { items, nextCursor: encodeCursor(last.id) } : { items };
}
