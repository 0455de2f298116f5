import type { Db } from '@quantum-hub/database';
import { getDb } from '@quantum-hub/database';
import {
  type Clock,
  hubError,
  newId,
  newSecretKey,
  type Page,
  type PageRequest,
  pageOf,
} from '@quantum-hub/kernel';
import { outlives, replacementEnd } from '../domain/key-state.ts';
import { keyOverlap } from '../domain/lifetimes.ts';
import { isWithin, scopeBeyondRoles } from '../domain/scopes.ts';
import { insertAuditEvent } from '../queries/audit.ts';
import {
  type ApiKey,
  countActiveKeys,
  endKeyIn,
  findKey,
  findSuccessor,
  insertKey,
  listKeys,
  lockKey,
  revokeKey,
  updateKey,
} from '../queries/keys.ts';
import { asUser, eventOf, type SignedIn } from './context.ts';

/** So many can still be looked through. */
const mostActiveKeys = 100;

/** A key with its secret, which is shown this once. */
export interface ShownKey {
  readonly key: ApiKey;
  readonly secret: string;
}

export interface KeyInput {
  readonly name: string;
  readonly scopes: readonly string[];
  readonly expiresAt?: Date | null;
}

/** From a session any key; from a key one that may no more and lasts no longer than itself. */
export async function createKey(caller: SignedIn, input: KeyInput): Promise<ShownKey> {
  const { userId } = caller.actor;
  return await getDb(async (db) => {
    const expiresAt = input.expiresAt ?? null;
    await requireNotStronger(db, caller, input.scopes, expiresAt);
    await requireRoom(db, userId);
    const shown = await makeKey(db, userId, { ...input, expiresAt });
    const event = eventOf(caller, {
      action: 'key.created',
      outcome: 'success',
      userId,
      target: shown.key.id,
      details: { scopes: input.scopes.join(' ') },
    });
    await insertAuditEvent(db, event);
    return shown;
  }, asUser(userId));
}

/** A new key with the rights of an old one, which goes on for a while so that programs can change over. */
export async function rotateKey(
  clock: Clock,
  caller: SignedIn,
  id: string,
  overlapSeconds: number = keyOverlap.defaultSeconds,
): Promise<ShownKey> {
  const { userId } = caller.actor;
  return await getDb(async (db) => {
    const old = await lockKey(db, userId, id);
    requireActive(old, id);
    // What is left of its life is the overlap: a key made after it would end with that, to its owner's surprise.
    const successor = await findSuccessor(db, userId, id);
    if (successor !== undefined) throw hubError('identity.key_replaced', { apiKey: id, successor });
    const latest = await endOfCaller(db, caller);
    const expiresAt = replacementEnd(old, clock(), latest);
    await requireNotStronger(db, caller, old.scopes, expiresAt);
    await requireRoom(db, userId);
    const shown = await makeKey(db, userId, {
      name: old.name,
      scopes: old.scopes,
      expiresAt,
      replacesId: old.id,
      rateLimit: { requests: old.rateLimitRequests, windowSeconds: old.rateLimitWindowSeconds },
    });
    if (overlapSeconds === 0) await revokeKey(db, userId, id);
    else await endKeyIn(db, id, overlapSeconds);
    const details = { replacedBy: shown.key.id, overlapSeconds: String(overlapSeconds) };
    await insertAuditEvent(
      db,
      eventOf(caller, { action: 'key.rotated', outcome: 'success', userId, target: id, details }),
    );
    return shown;
  }, asUser(userId));
}

export async function listOwnKeys({ actor }: SignedIn, page: PageRequest): Promise<Page<ApiKey>> {
  const rows = await getDb(
    (db) => listKeys(db, actor.userId, { ...page, limit: page.limit + 1 }),
    asUser(actor.userId),
  );
  return pageOf(rows, page.limit);
}

export async function showKey({ actor }: SignedIn, id: string): Promise<ApiKey> {
  const key = await getDb((db) => findKey(db, actor.userId, id), asUser(actor.userId));
  if (!key) throw hubError('identity.api_key_not_found', { apiKey: id });
  return key;
}

/** Renames a key or moves its end. What it may do is fixed: a key that may more is another key. */
export async function changeKey(
  caller: SignedIn,
  id: string,
  changes: { readonly name?: string; readonly expiresAt?: Date | null },
  precondition: (key: ApiKey) => void,
): Promise<ApiKey> {
  const { userId } = caller.actor;
  return await getDb(async (db) => {
    const key = await lockKey(db, userId, id);
    requireActive(key, id);
    precondition(key);
    if (changes.expiresAt !== undefined) {
      await requireNotStronger(db, caller, key.scopes, changes.expiresAt);
    }
    const event = { action: 'key.changed', outcome: 'success', userId, target: id } as const;
    await insertAuditEvent(db, eventOf(caller, event));
    return await updateKey(db, id, changes);
  }, asUser(userId));
}

/** Revokes a key; the next request with it is refused. */
export async function endKey(caller: SignedIn, id: string): Promise<void> {
  const { userId } = caller.actor;
  await getDb(async (db) => {
    if (!(await revokeKey(db, userId, id))) throw hubError('identity.api_key_not_found', { apiKey: id });
    const event = eventOf(caller, { action: 'key.revoked', outcome: 'success', userId, target: id });
    await insertAuditEvent(db, event);
  }, asUser(userId));
}

type MadeKey = KeyInput & Pick<Parameters<typeof insertKey>[1], 'expiresAt' | 'replacesId' | 'rateLimit'>;

/** Stores a new key for a user; only its hash and its first characters. */
export async function makeKey(db: Db, userId: string, made: MadeKey): Promise<ShownKey> {
  const { secret, prefix, hash } = newSecretKey('live');
  const key = await insertKey(db, { ...made, id: newId(), userId, prefix, hash });
  return { key, secret: secret.reveal() };
}

function requireActive(key: ApiKey | undefined, id: string): asserts key is ApiKey {
  if (!key) throw hubError('identity.api_key_not_found', { apiKey: id });
  if (key.status !== 'active') throw hubError('identity.key_not_active', { apiKey: id, state: key.status });
}

async function requireRoom(db: Db, userId: string): Promise<void> {
  const count = await countActiveKeys(db, userId);
  if (count >= mostActiveKeys) throw hubError('identity.too_many_keys', { count });
}

async function requireNotStronger(
  db: Db,
  caller: SignedIn,
  scopes: readonly string[],
  expiresAt: Date | null,
): Promise<void> {
  const { scopes: held, roles } = caller.actor;
  const scope = scopeBeyondRoles(scopes, roles);
  if (scope !== undefined) {
    throw hubError('identity.scope_not_yours', { scope, roles: roles.join(', ') || 'none' });
  }
  if (!isWithin(scopes, held)) {
    const allowed = `its scopes are ${held === 'all' ? 'all' : held.join(', ') || 'none'}`;
    throw hubError('identity.key_too_strong', { allowed });
  }
  const latest = await endOfCaller(db, caller);
  if (latest !== null && outlives(expiresAt, latest)) {
    throw hubError('identity.key_too_strong', { allowed: `it ends at ${latest.toISOString()}` });
  }
}

/** When the key that asks ends; null for one that doesn't, and for a session, which may make lasting keys. */
async function endOfCaller(db: Db, { actor }: SignedIn): Promise<Date | null> {
  if (actor.via === 'session') return null;
  const own = await findKey(db, actor.userId, actor.credentialId);
  // A key that is gone by now makes nothing.
  if (own?.status !== 'active')
    throw hubError('identity.key_not_active', { apiKey: actor.credentialId, state: 'revoked' });
  return own.expiresAt;
}
