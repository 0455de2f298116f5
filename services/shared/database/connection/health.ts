import { performance } from 'node:perf_hooks';
import { type ErrorCode, isHubError } from '@quantum-hub/kernel';
import { destroyConnection } from './client.ts';
import { connectError } from './client-errors.ts';
import type { ConnectionPool } from './pool.ts';

export type Health =
  | {
      readonly ok: true;
      /** From asking for a connection to the answer. */
      readonly latencyMs: number;
      /** As PostgreSQL numbers it: 150018 is 15.18. */
      readonly serverVersion: number;
      /** False on a standby. */
      readonly writable: boolean;
    }
  | { readonly ok: false; readonly code: ErrorCode; readonly reason: string };

const question = `select current_setting('server_version_num')::int as version, not pg_is_in_recovery() as writable`;

/** Asks the server through the pool; never throws, and answers within `timeoutMs` after a connection was there. */
export async function checkHealth(pool: ConnectionPool, timeoutMs: number): Promise<Health> {
  const start = performance.now();
  try {
    const client = await pool.acquire();
    try {
      const { rows } = await client.query({ text: question, query_timeout: timeoutMs } as never);
      client.release();
      const { version, writable } = rows[0] as { version: number; writable: boolean };
      return { ok: true, latencyMs: performance.now() - start, serverVersion: version, writable };
    } catch (error) {
      destroyConnection(client);
      client.release(true);
      throw connectError(error, pool.settings);
    }
  } catch (error) {
    if (isHubError(error)) return { ok: false, code: error.code, reason: error.message };
    throw error;
  }
}
