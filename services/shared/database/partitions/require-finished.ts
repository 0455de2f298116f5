import { hubError } from '@quantum-hub/kernel';
import type { AdminSession } from '../migrations/owner-transaction.ts';
import { maintenanceRole } from '../provision/roles.ts';
import type { LivePartition } from './live-partitions.ts';

const lowestId = '00000000-0000-0000-0000-000000000000';

/**
 * Throws `database.partition_in_use` while a job of these ids is not finished, or still stands in the queue or in a slot.
 * Asks as maintenance: row security hides all three tables' rows from the owner.
 */
export async function requireFinished(
  session: AdminSession,
  { name, fromId = lowestId, toId }: LivePartition,
): Promise<void> {
  await session.query(`begin read only; set local role ${maintenanceRole}`);
  try {
    const { rows } = await session.query(
      `select (select count(*) from execution.jobs where id >= $1 and id < $2 and finished_at is null)::int as unfinished,
              (select count(*) from execution.job_queue where id >= $1 and id < $2)::int as queued,
              (select count(*) from execution.device_slots where job_id >= $1 and job_id < $2)::int as running`,
      [fromId, toId],
    );
    const { unfinished, queued, running } = rows[0] as Record<string, number>;
    if (unfinished || queued || running) {
      throw hubError('database.partition_in_use', {
        partition: `execution.${name}`,
        unfinished: unfinished ?? 0,
        queued: queued ?? 0,
        running: running ?? 0,
      });
    }
  } finally {
    await session.query('rollback').catch(() => {});
  }
}
