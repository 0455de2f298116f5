import { hubError, parseSecretKey } from '@quantum-hub/kernel';
import { sessionCookieName } from './session-cookie.ts';

export interface Credential {
  readonly secret: string;
  readonly from: 'header' | 'cookie';
}

/** Kinds that say who somebody is; a subscription's key opens one app and signs nobody in. */
const kinds: readonly string[] = ['live', 'test', 'session'];

/**
 * What the request identifies itself with: `Authorization: Bearer` before the cookie (`Basic` is for scrapers of figures). Throws `kernel.invalid_key` for a
 * header that holds no key of ours; a cookie that is none counts as absent, since its browser cannot help it.
 */
export function readCredential(
  authorization: string | undefined,
  cookies: Readonly<Record<string, string | undefined>>,
): Credential | undefined {
  if (authorization !== undefined && !/^Basic /i.test(authorization)) {
    const secret = /^Bearer +(\S+) *$/i.exec(authorization)?.[1];
    const { kind } = parseSecretKey(secret);
    if (!kinds.includes(kind)) throw hubError('http.not_signed_in');
    return { secret: secret as string, from: 'header' };
  }
  const cookie = cookies[sessionCookieName];
  if (cookie === undefined) return undefined;
  try {
    return parseSecretKey(cookie).kind === 'session' ? { secret: cookie, from: 'cookie' } : undefined;
  } catch {
    return undefined;
  }
}
