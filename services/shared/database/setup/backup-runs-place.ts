/** Noting what is done for backups, at a place: in its table, and on the disk for as long as nobody answers there. */
import { hostname } from 'node:os';
import { join } from 'node:path';
import { isHubError, newId } from '@quantum-hub/kernel';
import type { BackupRun, RunKind } from '../backup/runs/run.ts';
import { insertRuns, selectRuns } from '../backup/runs/run-table.ts';
import { forgetWaiting, keepWaiting, readWaiting } from '../backup/runs/waiting-runs.ts';
import type { DatabaseConfig } from '../config.ts';
import { type AdminConnection, connectAdmin } from '../connection/admin-connection.ts';
import { serverStatus } from '../server/index.ts';
import { type DatabasePlace, openPlace } from './database-place.ts';

const service = 'qhub-db-backup';

/** What a run turned out to be about. */
export interface RunFacts {
  readonly backup?: string;
  readonly bytes?: number;
  /** Why it failed, where its work does not throw. */
  readonly error?: string;
}

export interface RunWork {
  readonly kind: RunKind;
  /** The folder or bucket. */
  readonly place?: string;
  /** The name of the backup, where it is known before. */
  readonly backup?: string;
  /** Told when the run could not be noted in the table: the work goes on all the same. */
  readonly onNote?: (line: string) => void;
}

/** Does the work and notes how it ended, also when it throws. What it throws is thrown on. */
export async function onRecord<Result>(
  config: DatabaseConfig,
  run: RunWork,
  work: () => Promise<Result>,
  factsOf: (result: Result) => RunFacts,
): Promise<Result> {
  const startedAt = new Date();
  const note = async ({ backup = run.backup, bytes, error }: RunFacts) => {
    const { kind, place = null, onNote = () => {} } = run;
    const ended = { bytes: bytes ?? null, error: error ?? null, ok: error === undefined };
    const times = { startedAt, finishedAt: new Date() };
    const facts = { id: newId(), kind, place, backup: backup ?? null, host: hostname() };
    await noteRunAt(config, { ...facts, ...ended, ...times }).catch((fault) =>
      onNote(`Note: this run is not on record: ${messageOf(fault)}`),
    );
  };
  const result = await work().catch(async (error) => {
    // Whoever pressed Ctrl-C knows of it.
    if (!isHubError(error, 'kernel.interrupted')) await note({ error: messageOf(error) });
    throw error;
  });
  await note(factsOf(result));
  return result;
}

/** First on the disk, so that a kill loses nothing, and then into the table with all that waited. */
async function noteRunAt(config: DatabaseConfig, run: BackupRun): Promise<void> {
  const folder = waitingIn(config);
  await keepWaiting(folder, run);
  await deliverWaiting(config, folder).catch(() => {
    // It waits for the next run that finds the server.
  });
}

/** All runs on record, newest first. Without an answer from the database: those that wait, and `reached` is false. */
export async function readRunsAt(
  config: DatabaseConfig,
): Promise<{ runs: readonly BackupRun[]; reached: boolean }> {
  const waiting = await readWaiting(waitingIn(config));
  const noted = await withDatabase(config, selectRuns).catch(() => undefined);
  const known = new Set(noted?.map(({ id }) => id));
  const runs = [...(noted ?? []), ...waiting.filter(({ id }) => !known.has(id))];
  const newestFirst = runs.toSorted((one, other) => other.finishedAt.getTime() - one.finishedAt.getTime());
  return { runs: newestFirst, reached: noted !== undefined };
}

async function deliverWaiting(config: DatabaseConfig, folder: string): Promise<void> {
  const runs = await readWaiting(folder);
  const delivered = await withDatabase(config, async (admin) => {
    await insertRuns(admin, runs);
    return runs;
  });
  await forgetWaiting(folder, delivered ?? []);
}

/** The place, without starting an embedded server: undefined where that is down. */
export async function whereItRuns(config: DatabaseConfig): Promise<DatabasePlace | undefined> {
  if (config.kind === 'embedded' && serverStatus(config).state !== 'running') return undefined;
  return await openPlace(config, { purpose: 'qhub db backup', mustExist: true });
}

async function withDatabase<Result>(
  config: DatabaseConfig,
  work: (admin: AdminConnection) => Promise<Result>,
): Promise<Result | undefined> {
  await using place = await whereItRuns(config);
  if (!place) return undefined;
  await using admin = await connectAdmin(place.admin, { service });
  return await work(admin);
}

function waitingIn({ home }: DatabaseConfig): string {
  return join(home, 'backup-runs');
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
