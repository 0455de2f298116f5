import { hubError } from '@quantum-hub/kernel';

export interface OriginRules {
  /** `https://hub.example.org`: where the hub is, as browsers see it. */
  readonly publicOrigin?: string;
  /** Other origins whose pages may call (CORS). */
  readonly corsOrigins: readonly string[];
}

export interface OriginFacts {
  readonly origin: string | undefined;
  /** `Sec-Fetch-Site`, which pages can't set. */
  readonly fetchSite: string | undefined;
  /** The host that was asked. */
  readonly host: string;
  /** The caller is known by a cookie, which browsers send along from any page. */
  readonly byCookie: boolean;
}

/**
 * Throws `http.origin_refused` for a write that a stranger's page made a browser send: with a cookie the origin has to be
 * the hub's and be told; without one (signing in) it only must not be a stranger's.
 */
export function checkOrigin(
  { origin, fetchSite, host, byCookie }: OriginFacts,
  { publicOrigin, corsOrigins }: OriginRules,
): void {
  if (origin === undefined) {
    // Browsers send Origin with every write; where a privacy tool drops it, Sec-Fetch-Site says the same.
    if (!byCookie || fetchSite === 'same-origin') return;
    throw hubError('http.origin_refused', { origin: 'unknown origin' });
  }
  const own = publicOrigin ? origin === publicOrigin : isAtHost(origin, host);
  if (!own && !corsOrigins.includes(origin)) throw hubError('http.origin_refused', { origin });
}

function isAtHost(origin: string, host: string): boolean {
  return URL.canParse(origin) && new URL(origin).host === host;
}
