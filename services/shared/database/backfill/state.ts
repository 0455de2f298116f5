/** What `hub.backfills` knows of a backfill. */
import type { AdminSession } from '../migrations/owner-transaction.ts';

export type BackfillState = {
  readonly name: string;
  readonly table: string;
  readonly status: 'running' | 'paused' | 'completed' | 'failed';
  /** The last key of the last batch. */
  readonly cursor: string | null;
  readonly pass: number;
  readonly batchRows: number;
  readonly rowsSeen: number;
  readonly rowsChanged: number;
  readonly rowsEstimate: number | null;
  readonly error: string | null;
  readonly startedAt: Date;
  readonly updatedAt: Date;
  readonly finishedAt: Date | null;
};

/** With what only the runner needs. */
export type StoredState = BackfillState & { readonly definition: string; readonly runToken: string };

const columns = `name, table_name as "table", status, cursor, pass, batch_rows as "batchRows", rows_seen::float8 as "rowsSeen",
  rows_changed::float8 as "rowsChanged", rows_estimate::float8 as "rowsEstimate", error, started_at as "startedAt",
  updated_at as "updatedAt", finished_at as "finishedAt"`;

/** Locked, so that one transaction at a time decides on it; undefined where it was never begun. */
export async function lockState(session: AdminSession, name: string): Promise<StoredState | undefined> {
  const { rows } = await session.query(
    `select ${columns}, definition, run_token as "runToken" from hub.backfills where name = $1 for update`,
    [name],
  );
  return rows[0] as StoredState | undefined;
}

export async function readStates(session: AdminSession): Promise<BackfillState[]> {
  const { rows } = await session.query(`select ${columns} from hub.backfills order by started_at, name`);
  return rows as BackfillState[];
}

/** Sets columns by their SQL names; `updated_at` follows. */
export async function updateState(
  session: AdminSession,
  name: string,
  changes: Readonly<Record<string, unknown>>,
): Promise<void> {
  const entries = Object.entries(changes);
  const sets = entries.map(([column], index) => `${column} = $${index + 2}`);
  await session.query(
    `update hub.backfills set ${[...sets, 'updated_at = clock_timestamp()'].join(', ')} where name = $1`,
    [name, ...entries.map(([, value]) => value)],
  );
}
