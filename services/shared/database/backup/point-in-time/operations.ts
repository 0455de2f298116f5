/** What is done to a running server: base backups, checks, and how it all stands. */
import { connectAdmin } from '../../connection/admin-connection.ts';
import type { ConnectionSettings } from '../../connection/client.ts';
import { type ArchiveState, readArchiveState } from './archive-state.ts';
import { deliverLog, requireArchiving } from './deliver-log.ts';
import type { BaseBackup, Pruned } from './engine.ts';
import { openEngine } from './open-engine.ts';
import { maintenance, service } from './server-facts.ts';
import { archivePlace, type EngineName, type Pitr } from './settings-file.ts';
import { firstGap } from './wal-names.ts';

/** How long a segment may take to the archive before a check fails. */
const deliveryMs = 60_000;

/** Makes a base backup and then removes what retention no longer keeps. Refuses a server that does not archive. */
export async function makeBaseBackup(
  pitr: Pitr,
  admin: ConnectionSettings,
  kind: BaseBackup['kind'] = 'full',
): Promise<{ backup: BaseBackup; pruned: Pruned; seconds: number }> {
  const started = performance.now();
  const engine = await openEngine(pitr);
  await withServer(admin, (server) => requireArchiving(server, engine.archiveCommand()));
  const backup = await engine.backup(maintenance(admin), kind);
  const pruned = await engine.prune();
  return { backup, pruned, seconds: (performance.now() - started) / 1000 };
}

export interface PitrCheck {
  readonly engine: EngineName;
  /** The segment that was sent on its way, and how long it took. */
  readonly segment: string;
  readonly deliverySeconds: number;
  readonly backups: number;
  /** The first segment that is missing after the oldest base backup. */
  readonly gap: string | undefined;
}

/** Sends a segment of the log and waits for it in the archive; asks the engine; looks for gaps. Throws what is wrong. */
export async function checkPitr(
  pitr: Pitr,
  admin: ConnectionSettings,
  { timeoutMs = deliveryMs }: { timeoutMs?: number } = {},
): Promise<PitrCheck> {
  const engine = await openEngine(pitr);
  const delivery = await withServer(admin, async (server) => {
    await requireArchiving(server, engine.archiveCommand());
    return await deliverLog(server, { timeoutMs });
  });
  await engine.check(maintenance(admin));
  const backups = await engine.list();
  const [oldest] = backups;
  return {
    engine: pitr.engine,
    segment: delivery.segment,
    deliverySeconds: delivery.tookMs / 1000,
    backups: backups.length,
    gap: oldest && firstGap(await engine.segments(), oldest.stopWal),
  };
}

export interface PitrStatus {
  readonly engine: EngineName;
  /** A folder, or `s3://BUCKET/PATH`. */
  readonly repository: string;
  readonly archive: ArchiveState;
  readonly backups: readonly BaseBackup[];
  /** From the end of the oldest base backup to the newest archived segment. */
  readonly window: { readonly from: Date; readonly to: Date } | undefined;
}

export async function pitrStatus(pitr: Pitr, admin: ConnectionSettings): Promise<PitrStatus> {
  const engine = await openEngine(pitr);
  const archive = await withServer(admin, readArchiveState);
  const backups = await engine.list();
  const [oldest] = backups;
  const to = archive.lastArchivedAt;
  return {
    engine: pitr.engine,
    repository: archivePlace(pitr),
    archive,
    backups,
    window: oldest && to && to > oldest.stoppedAt ? { from: oldest.stoppedAt, to } : undefined,
  };
}

async function withServer<Result>(
  admin: ConnectionSettings,
  work: (server: Awaited<ReturnType<typeof connectAdmin>>) => Promise<Result>,
): Promise<Result> {
  await using server = await connectAdmin(maintenance(admin), { service });
  return await work(server);
}
