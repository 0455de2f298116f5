/** Takes old months of jobs and results out of their tables and into the schema archive. */
import { hubError } from '@quantum-hub/kernel';
import { lockTimeout, patiently } from '../connection/patience.ts';
import { type AdminSession, inOwnersTransaction } from '../migrations/owner-transaction.ts';
import { ownerRole } from '../provision/roles.ts';
import type { Step } from '../step.ts';
import { archiveDetached, archiveLeftBehind } from './archive.ts';
import { type LivePartition, livePartitions } from './live-partitions.ts';
import { monthOf } from './months.ts';
import { isDue } from './plan.ts';
import { requireFinished } from './require-finished.ts';

export type DetachOptions = {
  readonly now?: Date;
  /** This month and so many whole months before it stay; at least 1. */
  readonly keepMonths: number;
  /** Given up with `database.partition_busy` after that long in the way of others. Default 5 minutes. */
  readonly patienceMs?: number;
  /** Called with `archive.<name>` for each table that has arrived there. */
  readonly onArchived?: (name: string) => void;
  /** Before the first partition and after each. */
  readonly onStep?: (step: Step) => void;
};

/** One at a time in a database: a number of our own among its advisory locks. */
const detachLock = 7_000_101;

/** Jobs last: while a result is attached, its foreign key holds its job, and what tells of a job goes before it. */
const jobsLast = ['job_results', 'job_attempts', 'job_events', 'jobs'] as const;

/** The partitions that `detachPartitions` would take, oldest first. Changes nothing. */
export async function duePartitions(
  session: AdminSession,
  { now = new Date(), keepMonths }: Pick<DetachOptions, 'now' | 'keepMonths'>,
): Promise<{ table: string; partition: LivePartition }[]> {
  const due: { table: string; partition: LivePartition }[] = [];
  for (const table of jobsLast) {
    for (const partition of await livePartitions(session, table)) {
      if (isDue(partition, monthOf(now), keepMonths)) due.push({ table, partition });
    }
  }
  return due.toSorted((a, b) => a.partition.toId.localeCompare(b.partition.toId));
}

/**
 * Detaches what is older than `keepMonths` months, oldest month first, so that no gap arises, and gives the tables that
 * arrived in `archive`. Nothing is lost, and nothing that reads or writes newer jobs is stopped for longer than an attempt of
 * 100 ms. Throws `database.partition_in_use` at the first month with unfinished jobs.
 *
 * `detach concurrently` cannot run in a transaction, so a crash can leave a month between two steps. The catalog tells which:
 * the next run goes on there. Takes turns with others by a lock of the session: not through a pooler that shares sessions.
 */
export async function detachPartitions(session: AdminSession, options: DetachOptions): Promise<string[]> {
  const { patienceMs = 300_000, onArchived = () => {}, onStep = () => {} } = options;
  if (!Number.isInteger(options.keepMonths) || options.keepMonths < 1) {
    throw hubError('kernel.invalid_value', {
      name: 'keepMonths',
      value: String(options.keepMonths),
      expected: 'a whole number of months, at least 1',
    });
  }
  const archived: string[] = [];
  // A month is several partitions, and the question reads one of them.
  const finished = new Set<string>();
  const arrived = (name: string) => {
    archived.push(`archive.${name}`);
    onArchived(`archive.${name}`);
  };
  await session.query(
    `set statement_timeout = 0; set lock_timeout = 0; select pg_advisory_lock(${detachLock})`,
  );
  try {
    await patiently(() => archiveLeftBehind(session, arrived), givingUp('jobs', patienceMs));
    const due = await duePartitions(session, options);
    const tell = (done: number) => onStep({ done, total: due.length, next: due[done]?.partition.name ?? '' });
    tell(0);
    for (const [at, { table, partition }] of due.entries()) {
      if (!finished.has(partition.toId)) await requireFinished(session, partition);
      finished.add(partition.toId);
      const steps = async () => {
        await detach(session, table, partition.name);
        await inOwnersTransaction(session, () => archiveDetached(session, partition.name));
      };
      await patiently(steps, givingUp(table, patienceMs));
      arrived(partition.name);
      tell(at + 1);
    }
  } finally {
    await session
      .query(`reset statement_timeout; reset lock_timeout; select pg_advisory_unlock(${detachLock})`)
      // A lost connection gave all of this back.
      .catch(() => {});
  }
  return archived;
}

function givingUp(table: string, patienceMs: number) {
  return {
    patienceMs,
    onGivenUp: (cause: unknown) =>
      hubError('database.partition_busy', { table: `execution.${table}`, waitedMs: patienceMs }, { cause }),
  };
}

/** Detaches, or goes on where an earlier attempt was cut off; nothing to do where that one came to its end. */
async function detach(session: AdminSession, table: string, name: string): Promise<void> {
  const live = (await livePartitions(session, table)).find((partition) => partition.name === name);
  if (live === undefined) return;
  const how = live.detachPending ? 'finalize' : 'concurrently';
  // One statement a message: several are a transaction, in which `concurrently` is refused.
  // PostgreSQL looks whether results still refer to the jobs. Along the two primary keys that ends at once, since all
  // results left are newer; the other plans are taken away, so that no statistics make it read every result.
  await session.query(
    `set lock_timeout = '${lockTimeout}'; set enable_seqscan = off; set enable_hashjoin = off; set enable_nestloop = off; set role ${ownerRole}`,
  );
  try {
    await session.query(`alter table execution.${table} detach partition execution.${name} ${how}`);
  } finally {
    await session
      .query(
        'reset role; reset enable_seqscan; reset enable_hashjoin; reset enable_nestloop; set lock_timeout = 0',
      )
      .catch(() => {});
  }
}
