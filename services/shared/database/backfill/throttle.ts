/** When a backfill waits for others: replicas that fall behind, or a server that is busy. */
import { setTimeout as wait } from 'node:timers/promises';
import type { AdminSession } from '../migrations/owner-transaction.ts';

export type Limits = {
  /** How far the slowest replica may be behind, in seconds. */
  readonly maxLagSeconds: number;
  /** The same in bytes of WAL: a replica that hangs reports no time any more. */
  readonly maxLagBytes: number;
  /** How many other sessions of this database may be at work. */
  readonly maxActive: number;
};

export const defaultLimits: Limits = { maxLagSeconds: 10, maxLagBytes: 256 * 1024 ** 2, maxActive: 20 };

export type Load = {
  /** Null without replicas, and where the login may not see them. */
  readonly lagSeconds: number | null;
  readonly lagBytes: number | null;
  readonly active: number;
};

/** A login without `pg_monitor` sees neither replicas nor what others do: then there is nothing to wait for. */
async function readLoad(session: AdminSession): Promise<Load> {
  const { rows } = await session.query(
    `select (select max(extract(epoch from replay_lag))::float8 from pg_stat_replication) as "lagSeconds",
            (select max(pg_wal_lsn_diff(pg_current_wal_lsn(), replay_lsn))::float8 from pg_stat_replication) as "lagBytes",
            (select count(*)::int from pg_stat_activity where state = 'active' and backend_type = 'client backend'
                and pid <> pg_backend_pid() and datname = current_database()) as active`,
  );
  return rows[0] as Load;
}

/** Why to wait, as half a sentence; undefined when there is no reason. */
export function reasonToWait({ lagSeconds, lagBytes, active }: Load, limits: Limits): string | undefined {
  if (lagSeconds !== null && lagSeconds > limits.maxLagSeconds) {
    return `a replica is ${lagSeconds.toFixed(1)} s behind, more than ${limits.maxLagSeconds} s`;
  }
  if (lagBytes !== null && lagBytes > limits.maxLagBytes) {
    const megabytes = (bytes: number) => `${Math.round(bytes / 1024 ** 2)} MB`;
    return `a replica is ${megabytes(lagBytes)} behind, more than ${megabytes(limits.maxLagBytes)}`;
  }
  if (active > limits.maxActive) return `${active} other sessions are at work, more than ${limits.maxActive}`;
  return undefined;
}

const pollMs = 500;

/** Returns when there is no reason to wait, or when the caller is to look at its state again; tells each reason once. */
export async function waitForCalm(
  session: AdminSession,
  limits: Limits,
  { onWaiting, isStopped }: { onWaiting: (reason: string) => void; isStopped: () => Promise<boolean> },
): Promise<void> {
  let told = false;
  for (;;) {
    const reason = reasonToWait(await readLoad(session), limits);
    if (reason === undefined || (told && (await isStopped()))) return;
    if (!told) onWaiting(reason);
    told = true;
    await wait(pollMs);
  }
}
