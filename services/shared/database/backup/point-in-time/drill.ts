/** A rehearsal of the disaster: recover to a moment between two writes, and look whether exactly these rows are there. */
import { randomUUID } from 'node:crypto';
import { appendFileSync, chownSync } from 'node:fs';
import { join } from 'node:path';
import { hubError, isHubError } from '@quantum-hub/kernel';
import { connectAdmin } from '../../connection/admin-connection.ts';
import type { ConnectionSettings } from '../../connection/client.ts';
import { readArchiveState } from './archive-state.ts';
import { deliverLog, requireArchiving } from './deliver-log.ts';
import { type FoundMarks, faultOfMarks, findMarks, type Marks, writeMarks } from './drill-marks.ts';
import type { BaseBackup } from './engine.ts';
import { type Engine, openEngine } from './open-engine.ts';
import { recover } from './recover.ts';
import { maintenance, service } from './server-facts.ts';
import { archivePlace, type EngineName, type Pitr } from './settings-file.ts';

/** What a drill found; the same as JSON for the record, the alarms and the operator. Times in seconds. */
export interface DrillRecord {
  readonly ok: boolean;
  readonly id: string;
  readonly at: string;
  readonly engine: EngineName;
  /** The label of the base backup, once one was chosen, and when it ended. */
  readonly backup?: string;
  readonly backupEndedAt?: string;
  /** The moment that was recovered. */
  readonly moment?: string;
  /** Rows of the drill on the recovered server: those from before the moment, those from after it. */
  readonly found?: FoundMarks;
  /**
   * What a loss of the server could cost. `delivery`: from the write to the archive having it, measured. `archiveTimeout`: how
   * long the server holds a segment that is not full. `worst`: the sum.
   */
  readonly rpo?: { readonly delivery: number; readonly archiveTimeout: number; readonly worst: number };
  /** From the decision to recover to the recovered server having answered, and its parts. */
  readonly rto?: {
    readonly total: number;
    readonly layOut: number;
    readonly replay: number;
    readonly check: number;
  };
  readonly fault?: { readonly code: string; readonly message: string };
}

export interface DrillOptions {
  /** A folder that does not exist, for the recovered server; gone afterwards. As large as the data. */
  readonly folder: string;
  readonly onProgress?: (line: string) => void;
  /** How long a segment may take to the archive; default 60 s. */
  readonly deliveryMs?: number;
  /** Called when the log of the moment is in the archive, before the recovery. */
  readonly onDelivered?: () => unknown;
}

type Partial = { -readonly [Key in keyof DrillRecord]?: DrillRecord[Key] };

/**
 * Works on the live server's own archive and touches nothing of it: the recovered server archives nowhere, has no network and
 * is removed. Never throws for what it is there to find: a failure is a record with `ok: false`.
 */
export async function runDrill(
  pitr: Pitr,
  admin: ConnectionSettings,
  options: DrillOptions,
): Promise<DrillRecord> {
  const record: Partial = { id: randomUUID(), at: new Date().toISOString(), engine: pitr.engine };
  try {
    await rehearse(pitr, admin, options, record);
    record.ok = true;
  } catch (error) {
    record.ok = false;
    record.fault = faultOf(error);
  }
  keepRecord(pitr, record);
  return record as DrillRecord;
}

async function rehearse(pitr: Pitr, admin: ConnectionSettings, options: DrillOptions, record: Partial) {
  const engine = await openEngine(pitr);
  if ((await engine.list()).length === 0) {
    throw hubError('database.pitr_no_backup', { repository: archivePlace(pitr) });
  }
  const marks = await mark(engine, admin, options, record);
  await options.onDelivered?.();
  const started = performance.now();
  const { backup, seen, seconds } = await recover(pitr, engine, {
    target: { kind: 'time', time: marks.moment },
    folder: options.folder,
    keep: false,
    onProgress: options.onProgress,
    inspect: async (server) => ({
      marks: await findMarks(server, marks.drill),
      total: (performance.now() - started) / 1000,
    }),
  });
  record.backup = backup.label;
  record.backupEndedAt = backup.stoppedAt.toISOString();
  record.found = seen.marks;
  record.rto = {
    total: seen.total,
    layOut: seconds.layOut,
    replay: seconds.replay,
    check: seconds.inspect,
  };
  const fault = faultOfMarks(seen.marks) ?? faultOfOrder(backup, marks);
  if (fault) throw hubError('database.pitr_drill_failed', { reason: fault });
}

/** Writes the rows and sees them into the archive. */
async function mark(
  engine: Engine,
  admin: ConnectionSettings,
  { deliveryMs = 60_000, onProgress }: DrillOptions,
  record: Partial,
): Promise<Marks> {
  await using server = await connectAdmin(maintenance(admin), { service });
  await requireArchiving(server, engine.archiveCommand());
  onProgress?.('Writing rows before and after the moment, and seeing them into the archive.');
  const marks = await writeMarks(server, record.id ?? randomUUID());
  record.moment = marks.moment;
  const { tookMs } = await deliverLog(server, { timeoutMs: deliveryMs });
  const { archiveTimeoutSeconds: archiveTimeout } = await readArchiveState(server);
  const delivery = tookMs / 1000;
  record.rpo = { delivery, archiveTimeout, worst: delivery + archiveTimeout };
  return marks;
}

/** A drill whose rows lie in the base backup itself would prove nothing about the log. */
function faultOfOrder({ label, stoppedAt }: BaseBackup, { writtenAt }: Marks): string | undefined {
  if (stoppedAt < writtenAt) return undefined;
  return `the base backup ${label} ended after the rows were written, so they prove nothing about the log`;
}

function faultOf(error: unknown): { code: string; message: string } {
  if (isHubError(error)) return { code: error.code, message: error.message };
  const reason = error instanceof Error ? error.message : String(error);
  return { code: 'kernel.unexpected', message: reason };
}

/** One line of JSON a drill, in `drills.jsonl` of our folder. */
function keepRecord({ dir, account }: Pitr, record: Partial): void {
  const path = join(dir, 'drills.jsonl');
  appendFileSync(path, `${JSON.stringify(record)}\n`, { mode: 0o600 });
  if (account) chownSync(path, account.uid, account.gid);
}
