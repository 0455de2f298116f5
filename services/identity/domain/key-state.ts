/** What a key is at a moment; the stored status knows nothing of time, so the query that reads it adds `expired`. */
export type KeyState = 'active' | 'expired' | 'revoked';

/**
 * When the replacement of a key ends. A person's rotation gives it as long a life as the old one had; a key gives none
 * beyond its own end, or a stolen one could be prolonged for ever.
 */
export function replacementEnd(
  old: { readonly createdAt: Date; readonly expiresAt: Date | null },
  now: Date,
  latest: Date | null,
): Date | null {
  const life = old.expiresAt === null ? null : old.expiresAt.getTime() - old.createdAt.getTime();
  return earlier(life === null ? null : new Date(now.getTime() + life), latest);
}

/** The earlier one; null is never. */
export function earlier(one: Date | null, other: Date | null): Date | null {
  if (one === null || other === null) return one ?? other;
  return one < other ? one : other;
}

/** Whether a key that ends at `wanted` outlives one that ends at `latest`; null is never. */
export function outlives(wanted: Date | null, latest: Date | null): boolean {
  return latest !== null && (wanted === null || wanted > latest);
}
