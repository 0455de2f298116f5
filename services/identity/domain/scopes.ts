/** What keys may do and users may be; the database's CHECKs hold the same lists (a test compares). */
export const apiKeyScopes = [
  'identity:read',
  'identity:write',
  'development:read',
  'development:write',
  'marketplace:read',
  'marketplace:write',
  'execution:read',
  'execution:write',
  'hub:operate',
] as const;

export const userRoles = ['consumer', 'developer', 'provider', 'operator', 'administrator'] as const;

/** Whether everything that is wanted is held; a session holds all. */
export function isWithin(wanted: readonly string[], held: readonly string[] | 'all'): boolean {
  return held === 'all' || wanted.every((scope) => held.includes(scope));
}
