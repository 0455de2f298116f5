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
}

/**
 * A connection of the pool with an open transaction, acting as the scope's role for its actor. A connection that died
 * while it lay in the pool is replaced without a word, since nothing had been sent on it.
 */
export async function openTransaction(
  pool: ConnectionPool,
  scope: Scope,
  { prepared, timeoutMs }: OpenerOptions,
): Promise<PoolClient> {
  let timeouts = 0;
  for (;;) {
    const client = await pool.acquire();
    const known = factsOf(client);
    const reused = known.uses > 0;
    known.uses += 1;
    try {
      await begin(client, scope, prepared, timeoutMs);
      return client;
    } catch (error) {
      const facts = factsOfError(error);
      if (facts && isConnectionLost(facts)) {
        destroyConnection(client);
        client.release(true);
        if (/timeout/.test(facts.message)) timeouts += 1;
        // Each waits as long as a connection may take: two of them are enough to say that nothing answers.
        if (reused && timeouts < 2) continue;
        throw connectError(error, pool.settings);
      }
      await giveBack(client);
      if (!facts) throw error;
      const role = roleOf(scope.as);
      if (roleStates.has(facts.code))
        throw hubError('database.role_unavailable', { login: pool.settings.user, role });
      throw connectError(error, pool.settings);
    }
  }
}
