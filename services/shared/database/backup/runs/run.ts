/** What was done for backups, once: the row of `hub.backup_runs`. */
import { z } from 'zod';

export const runKinds = ['create', 'verify', 'check', 'prune', 'base', 'drill'] as const;
/** `verify` restored the backup, `check` compared checksums only; `base` is a base backup for point-in-time recovery. */
export type RunKind = (typeof runKinds)[number];

export const runShape = z.strictObject({
  id: z.uuid(),
  kind: z.enum(runKinds),
  ok: z.boolean(),
  /** A folder, or `s3://bucket/prefix`. */
  place: z.string().nullable(),
  /** The name of the backup, once it is known. */
  backup: z.string().nullable(),
  /** Of the backup; of a prune, what it freed. */
  bytes: z.number().int().nonnegative().nullable(),
  /** As people were told; null when all went well. */
  error: z.string().nullable(),
  host: z.string(),
  startedAt: z.coerce.date(),
  finishedAt: z.coerce.date(),
});

export type BackupRun = z.output<typeof runShape>;

/** Names of a place's backups whose last verification by restoring was good. */
export function verifiedBackups(runs: readonly BackupRun[], place: string): ReadonlySet<string> {
  const last = new Map<string, BackupRun>();
  for (const run of runs) {
    if (run.kind !== 'verify' || run.place !== place || run.backup === null) continue;
    const known = last.get(run.backup);
    if (!known || known.finishedAt <= run.finishedAt) last.set(run.backup, run);
  }
  return new Set([...last].filter(([, { ok }]) => ok).map(([name]) => name));
}

/** The last one of a kind to end, also of those that ended well only. */
export function lastRun(
  runs: readonly BackupRun[],
  kinds: readonly RunKind[],
  { ok }: { ok?: true } = {},
): BackupRun | undefined {
  return runs
    .filter((run) => kinds.includes(run.kind) && (ok === undefined || run.ok))
    .toSorted((one, other) => other.finishedAt.getTime() - one.finishedAt.getTime())[0];
}
