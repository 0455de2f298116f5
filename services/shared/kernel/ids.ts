import { randomUUIDv7 } from 'node:crypto';
import { hubError } from './errors/hub-error.ts';

const uuidPattern = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const uuidv7Pattern = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/i;

/** The last millisecond that the 48-bit time field of a UUIDv7 can hold (the year 10889). */
export const lastUuidv7Millisecond = 2 ** 48 - 1;

/**
 * A new UUIDv7 in lower case. Ids of different milliseconds sort by time, ids of the same millisecond sort at random:
 * whoever needs an order within a millisecond stores a column for it.
 */
export function newId(): string {
  return randomUUIDv7();
}

/** True for the 36-character form of any UUID version, in either case. */
export function isUuid(value: unknown): value is string {
  return typeof value === 'string' && uuidPattern.test(value);
}

/** True for a UUID of version 7 with the RFC 9562 variant. */
export function isUuidv7(value: unknown): value is string {
  return typeof value === 'string' && uuidv7Pattern.test(value);
}

/** The millisecond in which a UUIDv7 was made. Throws `kernel.invalid_value` for anything else. */
export function uuidv7Timestamp(id: string): Date {
  if (!isUuidv7(id)) {
    throw hubError('kernel.invalid_value', { name: 'id', value: id, expected: 'a UUID of version 7' });
  }
  return new Date(Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16));
}

/**
 * The lowest UUIDv7 of a millisecond: the bound of a RANGE partition by id. Every id made in that millisecond or later
 * is not below it, every id made earlier is.
 */
export function uuidv7Floor(date: Date): string {
  const milliseconds = date.getTime();
  if (!(milliseconds >= 0 && milliseconds <= lastUuidv7Millisecond)) {
    throw hubError('kernel.invalid_value', {
      name: 'date',
      value: String(milliseconds),
      expected: `milliseconds since 1970 from 0 to ${lastUuidv7Millisecond}`,
    });
  }
  const hex = milliseconds.toString(16).padStart(12, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8)}-7000-8000-000000000000`;
}

/** The half-open range of ids made from `from` (inclusive) to `to` (exclusive), as PostgreSQL writes partition bounds. */
export function uuidv7Range(from: Date, to: Date): { from: string; to: string } {
  if (!(from < to)) {
    throw hubError('kernel.invalid_value', {
      name: 'range',
      value: `${from.getTime()} to ${to.getTime()}`,
      expected: 'a start before its end',
    });
  }
  return { from: uuidv7Floor(from), to: uuidv7Floor(to) };
}
