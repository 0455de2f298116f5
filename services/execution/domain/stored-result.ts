import { hubError } from '@quantum-hub/kernel';
import { z } from 'zod';
import { type ResultDocument, resultDocument } from './result-document.ts';

/** Where a document lies that is too large for its row. */
const blobReference = z.object({
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  bytes: z.int().min(1),
});
export type BlobReference = z.output<typeof blobReference>;

/** A row of results as far as a document is read from it. */
export type StoredResult = {
  readonly id: string;
  readonly formatVersion: number;
  readonly counts: unknown;
  readonly data: unknown;
};

export type ReadResult = { readonly document: ResultDocument } | { readonly blob: BlobReference };

const storedInBlob = z.object({ blob: blobReference });

/**
 * Reads what was stored by this or an earlier hub. Version 1: `data` is the document, its counts in the column `counts`; or `data` names
 * the blob that holds the whole document.
 */
export function readStoredResult(row: StoredResult): ReadResult {
  if (row.formatVersion !== 1) throw unreadable(row, `its format version is ${row.formatVersion}`);
  const inBlob = storedInBlob.safeParse(row.data);
  if (inBlob.success) return { blob: inBlob.data.blob };
  const whole = row.counts === null ? row.data : { ...(row.data as object), counts: row.counts };
  const read = resultDocument.safeParse(whole);
  if (!read.success) throw unreadable(row, z.prettifyError(read.error).slice(0, 500));
  return { document: read.data };
}

function unreadable({ id }: StoredResult, reason: string): Error {
  return hubError('execution.result_unreadable', { job: id, reason });
}

/** The columns of a row of results that holds a whole document. */
export function storedInRow({ ...document }: ResultDocument): {
  counts: Record<string, number> | null;
  data: object;
} {
  if (document.kind !== 'counts') return { counts: null, data: document };
  const { counts, ...data } = document;
  return { counts, data };
}
