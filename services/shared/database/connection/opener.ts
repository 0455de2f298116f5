import { hubError } from '@quantum-hub/kernel';
import type { PoolClient, QueryResult } from 'pg';
import { roleOf } from '../provision/roles.ts';
import { type ClientFacts, destroyConnection, factsOf } from './client.ts';
import { connectError } from './client-errors.ts';
import { type Inspection, openingMessage, type Scope } from './opening.ts';
import type { ConnectionPool } from './pool.ts';
import { factsOfError } from './postgres-fault.ts';
import { isConnectionLost } from './statement-errors.ts';

export type Prepared = 'auto' | 'on' | 'off';

/** 42501: the login is no member; 22023: there is no such role. */
const roleStates = new Set(['42501', '22023']);

/** A role that row security does not bind must not run units of work. */
function assertSafe(role: string, { superuser, bypasses }: Inspection): void {
  if (superuser) throw hubError('database.role_unsafe', { role, fault: 'is a superuser' });
  if (bypasses) throw hubError('database.role_unsafe', { role, fault: 'has BYPASSRLS' });
}

function learn(
  client: PoolClient,
  facts: ClientFacts,
  role: string,
  prepared: Prepared,
  found: Inspection,
): void {
  assertSafe(role, found);
  facts.safeRoles.add(role);
  // A pooler hands out process ids of its own: then another server process may answer the next transaction, one that
  // never saw the named statements of this one (PgBouncer before 1.21).
  const direct = found.pid === (client as unknown as { processID: number }).processID;
  facts.keepsStatements = prepared === 'auto' ? direct : prepared === 'on';
}

async function begin(client: PoolClient, scope: Scope, prepared: Prepared, timeoutMs: number): Promise<void> {
  const facts = factsOf(client);
  const role = roleOf(scope.as);
  const inspect = !facts.safeRoles.has(role);
  // Without named statements each would be planned anew for all values: dear where a table has many partitions.
  const keepPlans = scope.keepPlans === true && facts.keepsStatements === true;
  const text = openingMessage({ ...scope, keepPlans }, inspect);
  const results = (await client.query({
    text,
    query_timeout: timeoutMs,
  } as never)) as unknown as QueryResult[];
  if (inspect) learn(client, facts, role, prepared, results.at(-1)?.rows[0] as Inspection);
}

async function giveBack(client: PoolClient): Promise<void> {
  try {
    await client.query('rollback');
    client.release();
  } catch {
    destroyConnection(client);
    client.release(true);
  }
}

export interface OpenerOptions {
  readonly prepared: Prepared;
  readonly timeoutMs: number;
  /** Statements may be sent behind the opening message, before its answer: a round trip less. */
  readonly ahead?: boolean;
}

export interface Opened {
  readonly client: PoolClient;
  /** Rejects with the error of the opening; nothing that was sent behind it counts before this has resolved. */
  readonly answered: Promise<void>;
}

/** A connection that had died in the pool was found out only when work was sent on it: nothing was written, and all of it may run again. */
export class OpeningLost extends Error {}

/**
 * A connection of the pool with a transaction, acting as the scope's role for its actor. A connection that died while it lay in the
 * pool is replaced without a word, since nothing had been sent on it; with `ahead` that is `OpeningLost`.
 */
export async function openTransaction(
  pool: ConnectionPool,
  scope: Scope,
  { prepared, timeoutMs, ahead = false }: OpenerOptions,
): Promise<Opened> {
  let timeouts = 0;
  for (;;) {
    const client = await pool.acquire();
    const known = factsOf(client);
    const reused = known.uses > 0;
    known.uses += 1;
    const begun = begin(client, scope, prepared, timeoutMs);
    // What a role may is looked up when a connection first acts as it: nothing goes ahead of that.
    if (ahead && reused && known.safeRoles.has(roleOf(scope.as))) {
      return { client, answered: begun.catch((error: unknown) => Promise.reject(late(error, pool, scope))) };
    }
    try {
      await begun;
      return { client, answered: Promise.resolve() };
    } catch (error) {
      const facts = factsOfError(error);
      if (!facts || !isConnectionLost(facts)) {
        await giveBack(client);
        throw openingError(error, pool, scope);
      }
      destroyConnection(client);
      client.release(true);
      if (/timeout/.test(facts.message)) timeouts += 1;
      // Each waits as long as a connection may take: two of them are enough to say that nothing answers.
      if (!reused || timeouts >= 2) throw connectError(error, pool.settings);
    }
  }
}

function late(error: unknown, pool: ConnectionPool, scope: Scope): unknown {
  const facts = factsOfError(error);
  if (facts && isConnectionLost(facts)) return new OpeningLost('the connection had died', { cause: error });
  return openingError(error, pool, scope);
}

function openingError(error: unknown, pool: ConnectionPool, scope: Scope): unknown {
  const facts = factsOfError(error);
  if (!facts) return error;
  const { settings } = pool;
  if (!roleStates.has(facts.code)) return connectError(error, settings);
  return hubError('database.role_unavailable', { login: settings.user, role: roleOf(scope.as) });
}
