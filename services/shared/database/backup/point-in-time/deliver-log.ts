import { hubError } from '@quantum-hub/kernel';
import type { AdminConnection } from '../../connection/admin-connection.ts';
import { poll } from '../../server/wait.ts';
import { readArchiveState } from './archive-state.ts';

/** What the running server has to have before anything can arrive. Throws `database.pitr_archiving_off`. */
export async function requireArchiving(admin: AdminConnection, command: string): Promise<void> {
  const state = await readArchiveState(admin);
  const reason =
    state.mode === 'off'
      ? 'archive_mode is off; restart the server, as that setting takes effect at its start only'
      : state.command !== command
        ? 'its archive_command is not the one that was set up; run `npx qhub db backup pitr init` again'
        : undefined;
  if (reason) throw hubError('database.pitr_archiving_off', { reason });
}

/**
 * Closes the segment in use and waits until the archive has it; what was committed before is safe then.
 * Throws `database.pitr_archiving_stalled`.
 */
export async function deliverLog(
  admin: AdminConnection,
  { timeoutMs }: { timeoutMs: number },
): Promise<{ segment: string; tookMs: number }> {
  const started = performance.now();
  // A record of its own, because switching an empty segment does nothing.
  const { rows } = await admin.query<{ segment: string }>(
    "select pg_walfile_name(pg_create_restore_point('qhub-delivery')) as segment",
  );
  const segment = rows[0]?.segment ?? '';
  await admin.query('select pg_switch_wal()');
  const arrived = await poll(
    async () => {
      const { lastArchived } = await readArchiveState(admin);
      return lastArchived !== undefined && lastArchived.slice(0, 24) >= segment ? true : undefined;
    },
    { timeoutMs, everyMs: 50 },
  );
  const tookMs = performance.now() - started;
  if (arrived) return { segment, tookMs };
  const { lastFailedAt, failing } = await readArchiveState(admin);
  const failedAt = failing ? lastFailedAt?.toISOString() : undefined;
  throw hubError('database.pitr_archiving_stalled', { segment, waitedMs: timeoutMs, failedAt });
}
