/** How backups stand at a place: what is there, what was done, and whether somebody has to look after it. */
import { statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import { isHubError } from '@quantum-hub/kernel';
import { type ListedBackup, listBackups } from '../backup/list-backups.ts';
import { readArchiveState } from '../backup/point-in-time/archive-state.ts';
import { type BackupRun, lastRun, verifiedBackups } from '../backup/runs/run.ts';
import { type BackupPlace, readBackupConfig } from '../backup/settings.ts';
import { renderFigures, writeFigures } from '../backup/status/figures.ts';
import { type BackupFacts, type Judgement, judgeBackups } from '../backup/status/judge-backups.ts';
import { openStore } from '../backup/store/open-store.ts';
import { readUpkeepSettings, type UpkeepSettings } from '../backup/upkeep-settings.ts';
import type { DatabaseConfig } from '../config.ts';
import { connectAdmin } from '../connection/admin-connection.ts';
import { readRunsAt, whereItRuns } from './backup-runs-place.ts';
import { isPitrSetUp } from './point-in-time-place.ts';

export interface BackupStatus {
  /** False when nothing alarms. */
  readonly alarm: boolean;
  readonly place: string;
  readonly judgements: readonly Judgement[];
  /** Newest first; without the database those that wait on this machine only. */
  readonly runs: readonly BackupRun[];
  /** Whether the database answered. An embedded server that is down is not started. */
  readonly reached: boolean;
  /** The file of figures that was written, if one is set. */
  readonly figures: string | undefined;
}

export interface StatusOptions {
  readonly place?: BackupPlace;
  readonly upkeep?: UpkeepSettings;
  readonly now?: Date;
}

/** Looks, judges, and writes the figures where they are asked for. Works without the database. */
export async function backupStatusAt(
  config: DatabaseConfig,
  options: StatusOptions = {},
): Promise<BackupStatus> {
  const { place = readBackupConfig().place, upkeep = readUpkeepSettings(), now = new Date() } = options;
  const store = await openStore(place);
  const { runs, reached } = await readRunsAt(config);
  const { archive, archiveFault } = await lookAtArchive(config, runs);
  const facts: BackupFacts = {
    now,
    runs: runs.filter((run) => run.place === null || run.place === store.place),
    ...backupFacts(await listBackups(store), verifiedBackups(runs, store.place)),
    disk: await diskOf(place),
    archive,
    archiveFault,
  };
  const judgements = judgeBackups(facts, upkeep);
  if (upkeep.figures) await writeFigures(upkeep.figures, renderFigures(facts, judgements));
  const alarm = judgements.some(({ ok }) => !ok);
  return { alarm, place: store.place, judgements, runs, reached, figures: upkeep.figures };
}

function backupFacts(listed: readonly ListedBackup[], verified: ReadonlySet<string>) {
  const whole = listed.filter((backup) => backup.state === 'whole');
  const moments = whole
    .filter(({ name }) => verified.has(name))
    .map(({ manifest }) => Date.parse(manifest.takenAt));
  return {
    verifiedAt: moments.length > 0 ? new Date(Math.max(...moments)) : undefined,
    wholeBackups: whole.length,
    damaged: listed.filter(({ state }) => state === 'damaged').map(({ name }) => name),
    largestBytes: Math.max(0, ...whole.map(({ bytes }) => bytes)),
  };
}

/** Of the nearest folder that there is: the first backup makes the others. */
async function diskOf(place: BackupPlace): Promise<BackupFacts['disk']> {
  if (place.kind !== 'folder') return undefined;
  for (let path = place.path; ; path = dirname(path)) {
    const disk = await statfs(path).catch(() => undefined);
    if (disk) return { freeBytes: disk.bavail * disk.bsize, totalBytes: disk.blocks * disk.bsize };
    if (path === dirname(path)) return undefined;
  }
}

/** Of a place where recovery to a moment is set up; the others' archives are not ours to judge. */
async function lookAtArchive(
  config: DatabaseConfig,
  runs: readonly BackupRun[],
): Promise<Pick<BackupFacts, 'archive' | 'archiveFault'>> {
  if (!isPitrSetUp(config)) return { archive: undefined, archiveFault: undefined };
  try {
    await using place = await whereItRuns(config);
    if (!place) return { archive: undefined, archiveFault: 'the server is down' };
    await using admin = await connectAdmin(place.admin, { service: 'qhub-db-backup' });
    const { rows } = await admin.query<{ bytes: number }>(
      `select pg_size_bytes(current_setting('max_wal_size'))::float8 as bytes`,
    );
    const state = await readArchiveState(admin);
    const drilledAt = lastRun(runs, ['drill'], { ok: true })?.finishedAt;
    return {
      archive: { ...state, maxWalBytes: rows[0]?.bytes ?? 0, drilledAt },
      archiveFault: undefined,
    };
  } catch (error) {
    const reason = isHubError(error) ? error.message : String((error as Error).message);
    return { archive: undefined, archiveFault: reason };
  }
}
