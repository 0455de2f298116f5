import type { Readable } from 'node:stream';
import { problem } from '@quantum-hub/http';
import { type Clock, hubError, systemClock } from '@quantum-hub/kernel';
import { type BlobLinks, blobKey } from '../blobs/link.ts';
import type { BlobStore, ByteRange } from '../blobs/store.ts';
import { readByteRange } from '../domain/byte-range.ts';

export type OpenedBlob = {
  readonly bytes: number;
  readonly sha256: string;
  /** undefined: all of it. */
  readonly range: ByteRange | undefined;
  readonly content: Readable | undefined;
};

export type BlobRequest = {
  readonly token: string;
  /** `Range`, `If-Range` and `If-None-Match` as they came. */
  readonly headers: Readonly<Record<string, string | undefined>>;
};

/** The tag of a document: its own hash, so a strong one. */
export function blobTag(sha256: string): string {
  return `"${sha256}"`;
}

/**
 * Opens the document that a link names. `content` is undefined where the reader has it already (`If-None-Match`).
 *
 * Throws `execution.blob_link_invalid`, `execution.blob_link_expired`, `execution.blob_not_found`, `execution.range_unsatisfiable`.
 */
export async function readBlob(
  { blobs, links, clock = systemClock }: { blobs: BlobStore; links: BlobLinks; clock?: Clock },
  { token, headers }: BlobRequest,
): Promise<OpenedBlob> {
  const name = links.read(token, clock());
  const key = blobKey(name);
  const { sha256 } = name;
  const tag = blobTag(sha256);
  const known = headers['if-none-match'];
  const facts = await blobs.find(key);
  if (!facts) throw hubError('execution.blob_not_found');
  const { bytes } = facts;
  if (known?.split(',').some((each) => ['*', tag, `W/${tag}`].includes(each.trim()))) {
    return { bytes, sha256, range: undefined, content: undefined };
  }
  // A range of another document is of no use to the reader: then all of this one is sent (RFC 9110, 13.1.5).
  const isSame = headers['if-range'] === undefined || headers['if-range'] === tag;
  const range = isSame ? readByteRange(headers.range, bytes) : undefined;
  if (range === 'unsatisfiable') {
    throw problem(
      'execution.range_unsatisfiable',
      { bytes },
      { headers: { 'content-range': `bytes */${bytes}` } },
    );
  }
  return { bytes, sha256, range, content: await blobs.read(key, range) };
}
