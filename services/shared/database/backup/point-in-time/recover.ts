/** Recovery into a new folder: lay out a base backup, replay the log up to the target, look at the server that comes up. */
import { existsSync } from 'node:fs';
import { hubError } from '@quantum-hub/kernel';
import { type AdminConnection, connectAdmin } from '../../connection/admin-connection.ts';
import { findBinaries, GuardedFolder, recoveryLog, startRecovered } from '../../server/index.ts';
import { findProgram } from '../programs.ts';
import { chooseBackup } from './choose-backup.ts';
import type { BaseBackup, PitrEngine } from './engine.ts';
import { explainRecovery } from './explain-recovery.ts';
import { readRestorePoints } from './restore-points.ts';
import { service } from './server-facts.ts';
import { archivePlace, type Pitr } from './settings-file.ts';
import { type Target, targetSettings, targetText } from './target.ts';
import { firstGap, segmentNumber, segmentOfLsn } from './wal-names.ts';

const dayMs = 86_400_000;

export interface RecoveryRequest<Seen> {
  readonly target: Target;
  /** The label of a base backup. */
  readonly backup?: string;
  /** A folder that does not exist yet; the data go to `data` in it. */
  readonly folder: string;
  /** Whether the folder stays when all went well. */
  readonly keep: boolean;
  /** Looks at the recovered server. */
  readonly inspect: (server: AdminConnection) => Promise<Seen>;
  readonly onProgress?: (line: string) => void;
}

export interface Recovered<Seen> {
  readonly backup: BaseBackup;
  readonly seen: Seen;
  /** The newest transaction that was replayed. */
  readonly lastTransactionAt: Date | undefined;
  readonly timeline: number;
  readonly seconds: { readonly layOut: number; readonly replay: number; readonly inspect: number };
}

/** Nothing stays behind when it fails, or when this process dies. */
export async function recover<Seen>(
  pitr: Pitr,
  engine: PitrEngine,
  request: RecoveryRequest<Seen>,
): Promise<Recovered<Seen>> {
  const { target, folder, onProgress } = request;
  const points = readRestorePoints(pitr.dir);
  const choice = { target, asked: request.backup, points, repository: archivePlace(pitr) };
  const backup = chooseBackup(await engine.list(), choice);
  const segments = await engine.segments();
  const gap = firstGap(segments, backup.stopWal);
  // PostgreSQL itself takes a gap for the end; only with another target does it notice that it did not get there.
  if (gap && target.kind === 'latest') throw missing(gap, backup);
  if (existsSync(folder)) throw hubError('database.pitr_place_taken', { path: folder });
  const clock = stopwatch();
  await using place = new GuardedFolder(folder, pitr.account);
  onProgress?.(`Laying out the base backup ${backup.label} in ${place.dataDir}.`);
  await engine.layOut(backup, place.dataDir);
  const layOut = clock();
  onProgress?.(`Replaying the log up to ${targetText(target)}.`);
  const outcome = await replay(pitr, engine, {
    ...request,
    backup,
    place,
    gap,
    last: segments.at(-1),
    clock,
  });
  if (request.keep) await place.keep();
  const { replay: replaySeconds, inspect, ...rest } = outcome;
  return { ...rest, backup, seconds: { layOut, replay: replaySeconds, inspect } };
}

type Replay<Seen> = Omit<RecoveryRequest<Seen>, 'backup'> & {
  backup: BaseBackup;
  place: GuardedFolder;
  gap: string | undefined;
  last: string | undefined;
  clock: () => number;
};

async function replay<Seen>(pitr: Pitr, engine: PitrEngine, request: Replay<Seen>) {
  const { target, place, gap, backup, clock } = request;
  const start = async () => {
    const settings = {
      restore_command: engine.restoreCommand(place.dataDir),
      ...targetSettings(target),
    };
    const postgres = await postgresOf(pitr);
    const recovery = {
      folder: place,
      account: pitr.account,
      postgres,
      settings,
      durable: request.keep,
      timeoutMs: dayMs,
    };
    try {
      return await startRecovered(recovery);
    } catch (error) {
      throw explainRecovery(error, recoveryLog(place), { target, gap, backup });
    }
  };
  await using server = await start();
  const replaySeconds = clock();
  const address = { host: server.host, port: server.port, user: pitr.adminUser, database: 'postgres' };
  await using connection = await connectAdmin(address, { service });
  const { lastTransactionAt, lsn, timeline } = await standing(connection);
  const { last } = request;
  if (target.kind === 'latest' && last && segmentOfLsn(lsn) < segmentNumber(last)) {
    const end = lastTransactionAt?.toISOString();
    throw hubError('database.pitr_target_not_reached', { target: `the segment ${last}`, end });
  }
  const seen = await request.inspect(connection);
  return { seen, lastTransactionAt, timeline, replay: replaySeconds, inspect: clock() };
}

async function standing(connection: AdminConnection) {
  const { rows } = await connection.query<{ at: Date | null; lsn: string; timeline: number }>(
    `select pg_last_xact_replay_timestamp() as at, pg_last_wal_replay_lsn()::text as lsn,
       ('x' || substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8))::bit(32)::int as timeline`,
  );
  const { at, lsn = '0/0', timeline = 1 } = rows[0] ?? {};
  return { lastTransactionAt: at ?? undefined, lsn, timeline };
}

/** The embedded server's data are opened by its own programs, an operator's by those of the system. */
async function postgresOf({ kind, account, major }: Pitr): Promise<string> {
  if (kind === 'embedded') {
    const own = findBinaries(account);
    if (own.major === major) return own.postgres;
  }
  const { command } = await findProgram('postgres', { exactly: major });
  return command[0] ?? 'postgres';
}

function missing(segment: string, backup: BaseBackup): Error {
  return hubError('database.pitr_wal_missing', { segment, backup: backup.label });
}

/** Seconds since the last time it was asked. */
function stopwatch(): () => number {
  let last = performance.now();
  return () => {
    const before = last;
    last = performance.now();
    return (last - before) / 1000;
  };
}
