import { getDb } from '@quantum-hub/database';
import type { Actor } from '@quantum-hub/http';
import { type Clock, hubError, systemClock } from '@quantum-hub/kernel';
import { type BlobLinks, blobKey } from '../blobs/link.ts';
import type { BlobStore } from '../blobs/store.ts';
import type { ResultDocument } from '../domain/result-document.ts';
import { type BlobReference, readStoredResult } from '../domain/stored-result.ts';
import { findResult } from '../queries/read-history.ts';
import { findJob } from '../queries/read-jobs.ts';

export type ResultDeps = {
  readonly blobs: BlobStore;
  readonly links: BlobLinks;
  /** How long a link opens. */
  readonly linkSeconds: number;
  readonly clock?: Clock;
};

export type ShownResult =
  | { readonly document: ResultDocument }
  | { readonly blob: BlobReference; readonly token: string; readonly expiresAt: Date };

/**
 * The result of one's own job: the document, or where it lies. Throws `execution.job_not_found`, `execution.result_not_found` with the status of
 * the job where there is none, `execution.result_unreadable` where its document is lost or cut short.
 */
export async function showResult(
  { blobs, links, linkSeconds, clock = systemClock }: ResultDeps,
  actor: Actor,
  jobId: string,
): Promise<ShownResult> {
  const { job, row } = await getDb(
    async (db) => ({ job: await findJob(db, jobId), row: await findResult(db, jobId) }),
    { as: 'execution', actor: actor.userId, readOnly: true },
  );
  if (!job) throw hubError('execution.job_not_found', { job: jobId });
  if (!row) throw hubError('execution.result_not_found', { job: jobId, status: job.status });
  const read = readStoredResult({ id: jobId, ...row });
  if ('document' in read) return read;
  await requireWhole(blobs, jobId, read.blob);
  const expiresAt = new Date(clock().getTime() + linkSeconds * 1000);
  return { ...read, expiresAt, token: links.tokenFor({ jobId, sha256: read.blob.sha256 }, expiresAt) };
}

/** A link that opens nothing would send people in a circle, and tell no operator that a document was lost. */
async function requireWhole(blobs: BlobStore, job: string, { sha256, bytes }: BlobReference): Promise<void> {
  const key = blobKey({ jobId: job, sha256 });
  const found = await blobs.find(key);
  if (found?.bytes === bytes) return;
  const state = found ? `has ${found.bytes} bytes, not the ${bytes} that were written` : 'is missing';
  throw hubError('execution.result_unreadable', { job, reason: `${key} ${state} in ${blobs.place}` });
}
