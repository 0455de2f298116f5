import type { Db } from '@quantum-hub/database';
import { type Hidden, newId, newSessionToken } from '@quantum-hub/kernel';
import { sessionLife } from '../domain/lifetimes.ts';
import { insertSession } from '../queries/sessions.ts';
import { type Caller, plainAddress } from './context.ts';

export interface OpenedSession {
  readonly id: string;
  readonly token: Hidden<string>;
  readonly expiresAt: Date;
}

/** A session with a token of its own, never one that was there before: what somebody planted is worth nothing (fixation). */
export async function openSession(db: Db, caller: Caller, userId: string): Promise<OpenedSession> {
  const id = newId();
  const token = newSessionToken();
  const expiresAt = await insertSession(db, {
    id,
    userId,
    tokenHash: token.hash,
    lifeSeconds: sessionLife.absoluteSeconds,
    idleSeconds: sessionLife.idleSeconds,
    ipAddress: plainAddress(caller.address) ?? null,
    userAgent: caller.userAgent?.slice(0, 500) ?? null,
  });
  return { id, token: token.secret, expiresAt };
}
