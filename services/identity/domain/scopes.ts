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

/** Scopes that are of use to some roles only: a key never says more than what its owner is. */
const scopeRoles: Readonly<Record<string, readonly string[]>> = {
  'hub:operate': ['operator', 'administrator'],
};

/** The first scope that needs a role which is not held; undefined where there is none. */
export function scopeBeyondRoles(scopes: readonly string[], roles: readonly string[]): string | undefined {
  return scopes.find((scope) => scopeRoles[scope]?.some((role) => roles.includes(role)) === false);
}

/** Whether everything that is wanted is held; a session holds all. */
export function isWithin(wanted: readonly string[], held: readonly string[] | 'all'): boolean {
  return held === 'all' || wanted.every((scope) => held.includes(scope));
}
