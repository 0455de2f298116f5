import { type ErrorCode, isHubError } from '@quantum-hub/kernel';
import { type AdminConnection, connectAdmin } from '../connection/admin-connection.ts';
import { openTransaction } from '../connection/opener.ts';
import { ConnectionPool } from '../connection/pool.ts';
import { type ActingName, serviceNames } from '../provision/roles.ts';
import type { DatabasePlace } from './database-place.ts';
import { requireMigrated, requireProvisioned } from './require-ready.ts';

/** One thing that must hold before units of work can run. */
export interface Check {
  readonly name: 'server' | 'provisioning' | 'migrations' | 'roles';
  readonly ok: boolean;
  /** A sentence for people; of a check that failed, with what to do. */
  readonly detail: string;
  readonly code?: ErrorCode;
}

/** Asks everything that the hub needs of its database; changes nothing. Later checks are left out once one fails. */
export async function inspectPlace(place: DatabasePlace, service: string): Promise<Check[]> {
  const checks: Check[] = [];
  const ask = async (name: Check['name'], question: () => Promise<string>) => {
    if (checks.some(({ ok }) => !ok)) return;
    checks.push(await answer(name, question));
  };
  await ask('server', () => serverFacts(place, service));
  const asAdmin = (work: (admin: AdminConnection) => Promise<string>) => async () => {
    await using admin = await connectAdmin(place.admin, { service });
    return await work(admin);
  };
  await ask(
    'provisioning',
    asAdmin(async (admin) => {
      await requireProvisioned(admin, place.describe().user);
      return 'roles, logins and rights are as they should be';
    }),
  );
  await ask(
    'migrations',
    asAdmin(async (admin) => {
      await requireMigrated(admin);
      return 'the database has every migration of this code';
    }),
  );
  await ask('roles', async () => {
    await tryRoles(place, service, [...serviceNames, 'worker', 'steward']);
    return 'each service can work as its own role, bound by row security';
  });
  return checks;
}

async function serverFacts(place: DatabasePlace, service: string): Promise<string> {
  const start = performance.now();
  await using connection = await connectAdmin(place.application, { service });
  const { rows } = await connection.query<{ version: string; writable: boolean }>(
    `select split_part(current_setting('server_version'), ' ', 1) as version, not pg_is_in_recovery() as writable`,
  );
  const took = (performance.now() - start).toFixed(0);
  const writes = rows[0]?.writable ? 'takes writes' : 'is read-only';
  return `PostgreSQL ${rows[0]?.version} answered in ${took} ms and ${writes}`;
}

/** As `openDatabase` does, but without the ORM: loading it costs every command 0.1 s of CPU (0.54 instead of 0.43 s). */
async function tryRoles(place: DatabasePlace, service: string, names: readonly ActingName[]): Promise<void> {
  const timeoutMs = place.config.connectTimeoutMs;
  const pool = new ConnectionPool(place.application, `quantum-hub:${service}`, {
    max: 1,
    connectTimeoutMs: timeoutMs,
  });
  try {
    for (const as of names) {
      const { client } = await openTransaction(pool, { as }, { prepared: 'off', timeoutMs });
      await client.query('rollback');
      client.release();
    }
  } finally {
    await pool.end();
  }
}

async function answer(name: Check['name'], question: () => Promise<string>): Promise<Check> {
  try {
    return { name, ok: true, detail: await question() };
  } catch (error) {
    if (!isHubError(error)) throw error;
    return { name, ok: false, detail: error.message, code: error.code };
  }
}
