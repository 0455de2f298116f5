import type { Health } from '@quantum-hub/database';
import { pendingMigrationsSeen, type ServiceName } from '@quantum-hub/database/admin';
import type { ReadinessCheck } from '@quantum-hub/http';
import { isHubError } from '@quantum-hub/kernel';

export interface ReadinessSources {
  readonly health: () => Promise<Health>;
  readonly as: ServiceName;
  /** Of the services: workers, mail. */
  readonly more: readonly (() => Promise<readonly ReadinessCheck[]>)[];
}

/** Whether requests can be served now; what depends on a database that does not answer is not asked. */
export async function checkReadiness({ health, as, more }: ReadinessSources): Promise<ReadinessCheck[]> {
  const server = await health();
  if (!server.ok) return [{ name: 'database', ok: false, text: 'does not answer' }];
  const database = { name: 'database', ok: true, text: `answers in ${server.latencyMs.toFixed(0)} ms` };
  const others = await Promise.all([migrations(as), ...more.map((check) => check())]);
  return [database, ...others.flat()];
}

async function migrations(as: ServiceName): Promise<ReadinessCheck[]> {
  try {
    const pending = await pendingMigrationsSeen(as);
    const text = pending.length === 0 ? 'none is pending' : `${pending.length} pending`;
    return [{ name: 'migrations', ok: pending.length === 0, text }];
  } catch (error) {
    if (!isHubError(error)) throw error;
    return [{ name: 'migrations', ok: false, text: error.publicMessage }];
  }
}
