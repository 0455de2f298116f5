/** Backfills at a place; each refuses a database that lacks migrations. */
import { backfills } from '../backfill/backfills/index.ts';
import { type BackfillReport, backfillNamed, backfillReports, pauseBackfill } from '../backfill/control.ts';
import { type BackfillOptions, runBackfill } from '../backfill/run-backfill.ts';
import type { BackfillState } from '../backfill/state.ts';
import { connectAdmin } from '../connection/admin-connection.ts';
import type { DatabasePlace } from './database-place.ts';
import { requireMigrated } from './require-ready.ts';

/** A backfill of this code, and what the database knows of it. */
export type ListedBackfill = {
  readonly name: string;
  /** False for one that a former version of the code had. */
  readonly declared: boolean;
  /** Undefined where it was never begun. */
  readonly report: BackfillReport | undefined;
};

export async function listBackfillsAt(place: DatabasePlace, service: string): Promise<ListedBackfill[]> {
  await using admin = await connectAdmin(place.admin, { service });
  await requireMigrated(admin);
  const reports = new Map((await backfillReports(admin)).map((report) => [report.name, report]));
  const declared = backfills.map(({ name }) => ({ name, declared: true, report: reports.get(name) }));
  const known = new Set(backfills.map(({ name }) => name));
  const former = [...reports.values()].filter(({ name }) => !known.has(name));
  return [...declared, ...former.map((report) => ({ name: report.name, declared: false, report }))];
}

/** Runs a backfill of this code; see `runBackfill`. */
export async function runBackfillAt(
  place: DatabasePlace,
  service: string,
  name: string,
  options: BackfillOptions,
): Promise<BackfillState> {
  const backfill = backfillNamed(backfills, name);
  const connect = () => connectAdmin(place.admin, { service });
  {
    await using admin = await connect();
    await requireMigrated(admin);
  }
  return await runBackfill(connect, backfill, options);
}

/** Pauses a backfill, whichever process runs it. */
export async function pauseBackfillAt(place: DatabasePlace, service: string, name: string): Promise<void> {
  await using admin = await connectAdmin(place.admin, { service });
  await requireMigrated(admin);
  await pauseBackfill(admin, name);
}
