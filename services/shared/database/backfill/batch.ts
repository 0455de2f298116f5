/** One batch: its rows and the cursor in one transaction, so that a crash neither repeats nor skips one. */
import { hubError } from '@quantum-hub/kernel';
import type { AdminSession } from '../migrations/owner-transaction.ts';
import { type Backfill, fingerprintOf, type KeyRange } from './definition.ts';
import { asMaintenance } from './maintenance-transaction.ts';
import { lockState, type StoredState, updateState } from './state.ts';
import { requireAllVisible, type Target } from './target.ts';

export type Batch = {
  readonly backfill: Backfill;
  readonly target: Target;
  /** The token of this run. */
  readonly token: string;
  readonly targetBatchMs: number;
};

const mostRows = 50_000;

/** Rows for the next batch: towards the wanted time, by no more than half or double at once. */
export function nextBatchRows(rows: number, tookMs: number, targetMs: number): number {
  const factor = Math.min(2, Math.max(0.5, targetMs / Math.max(tookMs, 1)));
  return Math.min(mostRows, Math.max(1, Math.round(rows * factor)));
}

/**
 * Makes the next batch of at most `mostRows` rows, or ends the pass, and gives the state that was committed. Does nothing
 * where the state says that this run is to stop: it was paused, or another run took over.
 */
export async function runBatch(session: AdminSession, batch: Batch, mostRows: number): Promise<StoredState> {
  const { backfill, token } = batch;
  return await asMaintenance(session, async () => {
    const state = (await lockState(session, backfill.name)) as StoredState;
    if (state.runToken !== token || state.status !== 'running') return state;
    if (state.cursor === null) await requireAllVisible(session, backfill);
    const rows = Math.min(state.batchRows, mostRows);
    const start = performance.now();
    const next = await nextRange(session, batch, state.cursor, rows);
    if (next === undefined) await endPass(session, backfill, state);
    else {
      const changed = await changeRows(session, batch, next.range);
      const took = performance.now() - start;
      await updateState(session, backfill.name, {
        cursor: next.range.upTo,
        rows_seen: state.rowsSeen + next.seen,
        rows_changed: state.rowsChanged + changed,
        batch_rows: nextBatchRows(rows, took, batch.targetBatchMs),
      });
    }
    return (await lockState(session, backfill.name)) as StoredState;
  });
}

/** Whether the row needs the change or not, it counts: a batch reads as many rows whatever `where` finds. */
async function nextRange(
  session: AdminSession,
  { backfill: { table, key }, target: { keyType } }: Batch,
  cursor: string | null,
  rows: number,
): Promise<{ range: KeyRange; seen: number } | undefined> {
  const after = cursor === null ? '' : `where "${key}" > $2::${keyType}`;
  const found = await session.query(
    `select key::text as "upTo", count(*) over ()::int as seen
       from (select "${key}" as key from ${table} ${after} order by "${key}" limit $1) keys order by key desc limit 1`,
    cursor === null ? [rows] : [rows, cursor],
  );
  const last = found.rows[0] as { upTo: string; seen: number } | undefined;
  return last && { range: { after: cursor, upTo: last.upTo }, seen: last.seen };
}

function inRange({ backfill: { key, where }, target: { keyType } }: Batch, { after }: KeyRange): string {
  const lower = after === null ? '' : `and "${key}" > $2::${keyType}`;
  return `"${key}" <= $1::${keyType} ${lower} and (${where})`;
}

async function changeRows(session: AdminSession, batch: Batch, range: KeyRange): Promise<number> {
  const { backfill } = batch;
  const values = range.after === null ? [range.upTo] : [range.upTo, range.after];
  if ('set' in backfill) {
    const { rows } = await session.query(
      `with changed as (update ${backfill.table} set ${backfill.set} where ${inRange(batch, range)}
         returning (${backfill.where}) as still)
       select count(*)::int as changed, count(*) filter (where still)::int as still from changed`,
      values,
    );
    refuseStill(backfill, rows[0]?.still);
    return Number(rows[0]?.changed);
  }
  const changed = await backfill.change(session, range);
  const { rows } = await session.query(
    `select count(*)::int as still from ${backfill.table} where ${inRange(batch, range)}`,
    values,
  );
  refuseStill(backfill, rows[0]?.still);
  return changed;
}

function refuseStill({ name }: Backfill, still: unknown): void {
  if (Number(still) > 0) throw hubError('database.backfill_unending', { name });
}

/** Rows can arrive behind the cursor (a transaction that commits late, keys that are not in order of time): then once more. */
async function endPass(session: AdminSession, backfill: Backfill, state: StoredState): Promise<void> {
  await requireAllVisible(session, backfill);
  const { rows } = await session.query(
    `select exists (select from ${backfill.table} where (${backfill.where})) as remain`,
  );
  const changes = rows[0]?.remain
    ? { cursor: null, pass: state.pass + 1 }
    : { status: 'completed', finished_at: new Date() };
  await updateState(session, backfill.name, changes);
}

/** Throws `database.backfill_changed` where this definition is not the one that was begun. */
export function requireSame(backfill: Backfill, { definition }: StoredState): void {
  if (definition !== fingerprintOf(backfill)) {
    throw hubError('database.backfill_changed', { name: backfill.name });
  }
}
