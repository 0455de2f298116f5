import { getDb } from '@quantum-hub/database';
import type { Actor, Authenticate } from '@quantum-hub/http';
import { isHubError, parseSecretKey, type SecretKey } from '@quantum-hub/kernel';
import { findKeyCredential, findSessionCredential } from '../queries/credentials.ts';
import type { UseKind } from '../secrets/use-recorder.ts';

export interface AuthenticatorOptions {
  /** The service whose login this process has; every service may look up keys and sessions. */
  readonly as?: 'identity' | 'development' | 'marketplace' | 'execution';
  /** Told of every use; nothing waits for it. */
  readonly onUse?: (kind: UseKind, id: string) => void;
}

/**
 * Recognises people by session tokens and programs by API keys. Nothing is remembered between two calls: a key that was
 * revoked is refused at once, in every process. A text that is no secret of ours costs no look-up.
 */
export function createAuthenticator({ as = 'identity', onUse }: AuthenticatorOptions = {}): Authenticate {
  return async (secret) => {
    const parsed = parsedOrNothing(secret);
    if (parsed === undefined) return undefined;
    const { kind, hash } = parsed;
    if (kind !== 'session' && kind !== 'live' && kind !== 'test') return undefined;
    const actor = await getDb(
      async (db) =>
        kind === 'session'
          ? actorOfSession(await findSessionCredential(db, hash))
          : actorOfKey(await findKeyCredential(db, hash)),
      { as, readOnly: true, single: true },
    );
    if (actor) onUse?.(actor.via === 'key' ? 'user_api_keys' : 'user_sessions', actor.credentialId);
    return actor;
  };
}

function parsedOrNothing(secret: string): SecretKey | undefined {
  try {
    return parseSecretKey(secret);
  } catch (error) {
    if (isHubError(error, 'kernel.invalid_key')) return undefined;
    throw error;
  }
}

function actorOfSession(found: Awaited<ReturnType<typeof findSessionCredential>>): Actor | undefined {
  if (!found) return undefined;
  const { id, userId, roles } = found;
  return { userId, roles, scopes: 'all', via: 'session', credentialId: id };
}

function actorOfKey(found: Awaited<ReturnType<typeof findKeyCredential>>): Actor | undefined {
  if (!found) return undefined;
  const { id, userId, roles, scopes, rateLimitRequests, rateLimitWindowSeconds } = found;
  const rateLimit = { requests: rateLimitRequests, windowSeconds: rateLimitWindowSeconds };
  return { userId, roles, scopes, via: 'key', credentialId: id, rateLimit };
}
