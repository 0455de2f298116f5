/** What another process can do to a backfill and ask about it. */
import { hubError } from '@quantum-hub/kernel';
import { patiently } from '../connection/patience.ts';
import type { AdminSession } from '../migrations/owner-transaction.ts';
import { claimedNames } from './claim.ts';
import type { Backfill } from './definition.ts';
import { asMaintenance } from './maintenance-transaction.ts';
import { type Progress, progressOf } from './progress.ts';
import { type BackfillState, lockState, readStates, updateState } from './state.ts';

export type BackfillReport = Progress &
  Omit<BackfillState, 'status'> & {
    /** `interrupted`: it was running, and no process works on it any more; run it again. */
    readonly status: BackfillState['status'] | 'interrupted';
  };

/** Stops a run after the batch that it is at; waits for that batch. Throws `database.backfill_not_running` at its end. */
export async function pauseBackfill(session: AdminSession, name: string): Promise<void> {
  const pause = () =>
    asMaintenance(session, async () => {
      const state = await lockState(session, name);
      if (state === undefined) throw hubError('database.backfill_not_running', { name, status: 'not begun' });
      if (state.status === 'completed') {
        throw hubError('database.backfill_not_running', { name, status: state.status });
      }
      await updateState(session, name, { status: 'paused' });
    });
  const patienceMs = 60_000;
  const reason = `its batch did not end within ${patienceMs} ms`;
  await patiently(pause, {
    patienceMs,
    onGivenUp: (cause) => hubError('database.backfill_failed', { name, reason }, { cause }),
  });
}

/** Every backfill that was begun, in their order. */
export async function backfillReports(session: AdminSession): Promise<BackfillReport[]> {
  return await asMaintenance(session, async () => {
    const states = await readStates(session);
    const claimed = await claimedNames(
      session,
      states.map(({ name }) => name),
    );
    return states.map((state) => {
      const took = state.updatedAt.getTime() - state.startedAt.getTime();
      const isInterrupted = state.status === 'running' && !claimed.has(state.name);
      const status = isInterrupted ? 'interrupted' : state.status;
      return { ...state, ...progressOf(state, state.rowsSeen, took), status };
    });
  });
}

/** Throws `database.backfill_unknown` with the names that there are. */
export function backfillNamed(backfills: readonly Backfill[], name: string): Backfill {
  const found = backfills.find((backfill) => backfill.name === name);
  if (found) return found;
  const names = backfills.map((backfill) => backfill.name);
  const known = names.length > 0 ? `one of ${names.join(', ')}` : 'none, as this code has no backfills';
  throw hubError('database.backfill_unknown', { name, known });
}
