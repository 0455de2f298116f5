import { getDb } from '@quantum-hub/database';
import { type Clock, systemClock } from '@quantum-hub/kernel';
import { type BlobName, blobNameOf } from '../blobs/link.ts';
import type { BlobStore } from '../blobs/store.ts';
import { orphansAmong } from '../queries/orphans.ts';

/** A blob is written seconds before its row: younger ones may belong to a result that is about to be written. */
const youngMs = 3_600_000;
const batch = 500;

export type SweepResult = { readonly seen: number; readonly removed: number };

/**
 * Removes documents that no result names: those of attempts that were lost between writing the blob and the row. What belongs to a job that is
 * not in the database (its month was detached into the archive) stays, and so does everything that is no result.
 */
export async function sweepBlobs({
  blobs,
  clock = systemClock,
}: {
  readonly blobs: BlobStore;
  readonly clock?: Clock;
}): Promise<SweepResult> {
  const before = clock().getTime() - youngMs;
  let seen = 0;
  let removed = 0;
  let old: { key: string; name: BlobName }[] = [];
  const clear = async () => {
    const names = old.map(({ name }) => name);
    const orphans = await getDb((db) => orphansAmong(db, names), { as: 'worker', readOnly: true });
    const keys = old.filter(({ name }) => orphans.has(`${name.jobId}.${name.sha256}`)).map(({ key }) => key);
    for (const key of keys) await blobs.remove(key);
    removed += keys.length;
    old = [];
  };
  for await (const { key, changedAt } of blobs.list()) {
    seen++;
    const name = blobNameOf(key);
    if (name === undefined || changedAt.getTime() > before) continue;
    if (old.push({ key, name }) === batch) await clear();
  }
  if (old.length > 0) await clear();
  return { seen, removed };
}
