import { randomUUID } from 'node:crypto';
import { hubError, isHubError } from '@quantum-hub/kernel';
import { patiently } from '../connection/patience.ts';
import { factsOfError } from '../connection/postgres-fault.ts';
import type { AdminSession } from '../migrations/owner-transaction.ts';
import { type Batch, requireSame, runBatch } from './batch.ts';
import { claim } from './claim.ts';
import { type Backfill, fingerprintOf } from './definition.ts';
import { asMaintenance } from './maintenance-transaction.ts';
import { type Progress, progressOf } from './progress.ts';
import { type BackfillState, lockState, readStates, type StoredState, updateState } from './state.ts';
import { findTarget, requireAllVisible } from './target.ts';
import { defaultLimits, type Limits, waitForCalm } from './throttle.ts';

export type BackfillOptions = {
  /** Ends a pause. Default: a paused backfill is refused with `database.backfill_paused`. */
  readonly resume?: boolean;
  /** Batches grow and shrink towards this time. Default 50 ms: so long may a writer of one of its rows wait. */
  readonly targetBatchMs?: number;
  /** Rows of the very first batch. Default 1000. */
  readonly firstBatchRows?: number;
  readonly limits?: Partial<Limits>;
  /** Given up after that long in the way of one batch; default 10 minutes. */
  readonly patienceMs?: number;
  /** After each batch that was committed. Awaited. */
  readonly onProgress?: (state: BackfillState, progress: Progress) => void | Promise<void>;
  readonly onWaiting?: (reason: string) => void;
};

export type Connect = () => Promise<AdminSession & AsyncDisposable>;

/**
 * Runs a backfill to its end, or goes on where it stopped, and gives its state: `completed`, or `paused` when somebody
 * paused it meanwhile. Safe at any time: it runs once at a time, and neither repeats nor skips a batch after a crash.
 * Throws `database.backfill_running`, `_paused`, `_changed`, `_rows_hidden`, `_unending` and `_failed`.
 */
export async function runBackfill(
  connect: Connect,
  backfill: Backfill,
  options: BackfillOptions = {},
): Promise<BackfillState> {
  await using claiming = await connect();
  await using _claim = await claim(claiming, backfill.name);
  await using session = await connect();
  const target = await asMaintenance(session, () => findTarget(session, backfill));
  const batch: Batch = { backfill, target, token: randomUUID(), targetBatchMs: options.targetBatchMs ?? 50 };
  const begun = await patiently(() => begin(session, batch, options), givingUp(backfill.name, options));
  try {
    return await work(session, batch, begun, options);
  } catch (error) {
    throw await failure(session, batch, error);
  }
}

/** Stored before the first batch. The token makes a run that lost its claim without knowing harmless. */
async function begin(
  session: AdminSession,
  { backfill, target, token }: Batch,
  { firstBatchRows = 1000, resume = false }: BackfillOptions,
): Promise<StoredState> {
  const { name, table } = backfill;
  return await asMaintenance(session, async () => {
    await requireAllVisible(session, backfill);
    await session.query(
      `insert into hub.backfills (name, definition, table_name, status, run_token, batch_rows, rows_estimate)
       values ($1, $2, $3, 'running', $4, $5, $6) on conflict (name) do nothing`,
      [name, fingerprintOf(backfill), table, token, firstBatchRows, target.rowsEstimate],
    );
    const state = (await lockState(session, name)) as StoredState;
    requireSame(backfill, state);
    if (state.status === 'completed') return state;
    if (state.status === 'paused' && !resume) throw hubError('database.backfill_paused', { name });
    await updateState(session, name, { status: 'running', run_token: token, error: null });
    return { ...state, status: 'running' };
  });
}

async function work(
  session: AdminSession,
  batch: Batch,
  begun: StoredState,
  options: BackfillOptions,
): Promise<BackfillState> {
  const { onProgress = () => {}, onWaiting = () => {} } = options;
  const limits = { ...defaultLimits, ...options.limits };
  const { name } = batch.backfill;
  const isStopped = async () =>
    (await asMaintenance(session, () => readStates(session))).some(
      (stored) => stored.name === name && stored.status !== 'running',
    );
  const start = performance.now();
  let state: StoredState = begun;
  while (state.status === 'running') {
    await waitForCalm(session, limits, { onWaiting, isStopped });
    let rows = state.batchRows;
    const attempt = () => {
      const most = rows;
      // In the way of others: fewer rows the next time, so fewer locks.
      rows = Math.max(1, Math.floor(rows / 2));
      return runBatch(session, batch, most);
    };
    state = await patiently(attempt, givingUp(name, options));
    if (state.runToken !== batch.token) throw hubError('database.backfill_running', { name });
    const progress = progressOf(state, state.rowsSeen - begun.rowsSeen, performance.now() - start);
    await onProgress(state, progress);
  }
  return state;
}

function givingUp(name: string, { patienceMs = 600_000 }: BackfillOptions) {
  const reason = `others held locks on its rows for ${patienceMs} ms`;
  return {
    patienceMs,
    onGivenUp: (cause: unknown) => hubError('database.backfill_failed', { name, reason }, { cause }),
  };
}

/** The error for the caller; what it says is stored too, unless another run has taken over. */
async function failure(
  session: AdminSession,
  { backfill: { name }, token }: Batch,
  cause: unknown,
): Promise<Error> {
  const reason = isHubError(cause) ? cause.message : (factsOfError(cause)?.safeMessage ?? String(cause));
  const record = () =>
    asMaintenance(session, async () => {
      const state = await lockState(session, name);
      if (state?.runToken !== token || state.status !== 'running') return;
      await updateState(session, name, { status: 'failed', error: reason });
    });
  // A connection that is gone takes nothing: then the state stays as it is, and the next run goes on.
  await record().catch(() => {});
  return isHubError(cause) ? cause : hubError('database.backfill_failed', { name, reason }, { cause });
}
