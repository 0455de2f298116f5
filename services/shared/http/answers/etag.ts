import { createHash } from 'node:crypto';
import { hubError } from '@quantum-hub/kernel';

/**
 * The tag of a row's state: weak, since the same row may be written as other bytes by a later version. Changes with
 * `updatedAt`, which the database sets at every change; give it as PostgreSQL's text, since a Date ends at a millisecond and
 * two changes within one must differ.
 */
export function etagOf({ id, updatedAt }: { id: string; updatedAt: string }): string {
  return tagged(`${id}\n${updatedAt}`);
}

/**
 * The tag of these members, for a row that the hub writes to without anybody's wish (when a key was last used): leave those
 * members out, or an update in the state that was read fails for nothing.
 */
export function stateTagOf(state: object): string {
  return tagged(JSON.stringify(state));
}

function tagged(text: string): string {
  return `W/"${createHash('sha256').update(text).digest('base64url').slice(0, 22)}"`;
}

/** True when a header such as `If-None-Match: "a", W/"b"` or `*` names the tag, by weak comparison (RFC 9110, 8.8.3.2). */
export function namesTag(header: string, etag: string): boolean {
  const opaque = (tag: string) => tag.trim().replace(/^W\//, '');
  return header.trim() === '*' || header.split(',').some((tag) => opaque(tag) === opaque(etag));
}

/**
 * Throws `http.precondition_failed` when the request carries an `If-Match` that is not this tag. Call it in the
 * transaction of the change, after the row was read for update.
 */
export function requireMatch(headers: Readonly<Record<string, string | undefined>>, etag: string): void {
  const wanted = headers['if-match'];
  // Weak tags fit: RFC 9110 asks for a strong comparison so that no stale bytes are merged, and nothing is merged here.
  if (wanted !== undefined && !namesTag(wanted, etag)) throw hubError('http.precondition_failed');
}
