import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { blobKey } from '../blobs/link.ts';
import type { BlobStore } from '../blobs/store.ts';
import { type FinishedRun, makeResultDocument, type ResultDocument } from '../domain/result-document.ts';
import { resultText } from '../domain/result-text.ts';
import { storedInRow } from '../domain/stored-result.ts';

export type ResultPlaces = {
  readonly blobs: BlobStore;
  /** A longer document goes to the blobs. */
  readonly inlineBytes: number;
};

/** The columns of a row of results. */
export type KeptResult = {
  readonly formatVersion: 1;
  readonly counts: Readonly<Record<string, number>> | null;
  readonly data: object;
  readonly shots: number;
  readonly durationMs: number;
};

/**
 * Makes the document of a run and says what its row holds. A large document is in the blob store before anybody can read the row; when
 * the row is never written, the sweep finds the blob.
 */
export async function keepResult(
  { blobs, inlineBytes }: ResultPlaces,
  run: FinishedRun,
): Promise<KeptResult> {
  const document = makeResultDocument(run);
  const { sha256, bytes } = measure(document);
  const row = { formatVersion: 1, shots: shotsOf(document), durationMs: run.deviceMs } as const;
  if (bytes <= inlineBytes) return { ...row, ...storedInRow(document) };
  // Made a second time rather than kept: the text of a large result is not held at once.
  await blobs.put(blobKey({ jobId: run.job.id, sha256 }), Readable.from(utf8(document)));
  return { ...row, counts: null, data: { blob: { sha256, bytes } } };
}

/** Hash and length of a document without its whole text. */
function measure(document: ResultDocument): { sha256: string; bytes: number } {
  const hash = createHash('sha256');
  let bytes = 0;
  for (const piece of utf8(document)) {
    hash.update(piece);
    bytes += piece.length;
  }
  return { sha256: hash.digest('hex'), bytes };
}

function* utf8(document: ResultDocument): Generator<Buffer> {
  for (const text of resultText(document)) yield Buffer.from(text);
}

function shotsOf(document: ResultDocument): number {
  return document.kind === 'resources' ? 0 : (document.shots.returned ?? 0);
}
