/**
 * `__Host-` binds the cookie to this host, to `/` and to TLS: no other subdomain can set or read it. Chrome (89) and
 * Firefox (75) take Secure cookies from http://localhost too, so that development needs no second, weaker cookie.
 */
export const sessionCookieName = '__Host-qhub_session';

// Lax, so that links from mails arrive signed in; writes are guarded by their Origin beside.
const attributes = 'Path=/; Secure; HttpOnly; SameSite=Lax';

/** The `set-cookie` of a browser that has signed in; `token` is the session's, which is safe in a cookie. */
export function sessionCookie(token: string, expiresAt: Date): string {
  return `${sessionCookieName}=${token}; Expires=${expiresAt.toUTCString()}; ${attributes}`;
}

/** The `set-cookie` of a browser that has signed out. */
export function clearedSessionCookie(): string {
  return `${sessionCookieName}=; Max-Age=0; ${attributes}`;
}
