import { stateTagOf } from '@quantum-hub/http';

/** Written by the hub when somebody signs in or a key is used, and with it the time of the row's last change. */
const unasked: ReadonlySet<string> = new Set(['updatedAt', 'lastLoginAt', 'lastUsedAt']);

/**
 * The ETag of an account or key: changes with everything that a person can change, and with nothing else. A key that is in
 * use, or a user who signs in, would otherwise refuse each update in the state that was read.
 */
export function tagOf(row: object): string {
  return stateTagOf(Object.fromEntries(Object.entries(row).filter(([name]) => !unasked.has(name))));
}
