/** A person or program that was recognised by its session token or API key. */
export interface Actor {
  /** UUID of the user; units of work run for them (`getDb(work, { as, actor: userId })`). */
  readonly userId: string;
  /** What the user may do in the hub. */
  readonly roles: readonly string[];
  /** What this credential may do; a session may do all that its user may. */
  readonly scopes: readonly string[] | 'all';
  readonly via: 'session' | 'key';
  /** UUID of the session or of the key. */
  readonly credentialId: string;
  /** The key's own limit; sessions have the hub's. */
  readonly rateLimit?: { readonly requests: number; readonly windowSeconds: number };
}

/**
 * Whom a secret of the form `qh_<kind>_...` belongs to; undefined for every secret that is not valid now, without telling
 * why. The identity service implements it, the app hands it to the server.
 */
export type Authenticate = (secret: string) => Promise<Actor | undefined>;
