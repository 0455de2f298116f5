import type { Readable } from 'node:stream';
import { hubError, isHubError } from '@quantum-hub/kernel';

export type ByteRange = {
  /** Both ends included, as in HTTP. */
  readonly first: number;
  readonly last: number;
};

export type BlobFacts = { readonly key: string; readonly bytes: number; readonly changedAt: Date };

/**
 * Where results lie that are too large for a row: a folder or a bucket. Keys hold the hash of the content, so that a blob never changes
 * and writing one twice is harmless. Throws `execution.blob_place_unusable`.
 */
export interface BlobStore extends AsyncDisposable {
  /** For people: the folder, or `s3://bucket/prefix`. */
  readonly place: string;
  /** Writes all of it, durably, or nothing. */
  put(key: string, content: Readable): Promise<void>;
  /** undefined where there is no such blob. */
  find(key: string): Promise<BlobFacts | undefined>;
  /** Throws `execution.blob_not_found` where it is gone. */
  read(key: string, range?: ByteRange): Promise<Readable>;
  /** Every blob, in no order. */
  list(): AsyncIterable<BlobFacts>;
  /** Harmless where it is gone. */
  remove(key: string): Promise<void>;
}

const reasons: Readonly<Record<string, string>> = {
  ENOSPC: 'no space is left there',
  EDQUOT: 'the quota is used up',
  EACCES: 'it may not be read or written by this user',
  EPERM: 'it may not be read or written by this user',
  EROFS: 'it is read-only',
  ENOTDIR: 'it is no folder',
  ECONNREFUSED: 'nobody answers there',
};

/** Does the work; what the file system or the network says becomes an error that names the place. */
export async function atPlace<Result>(place: string, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (isHubError(error)) throw error;
    const { code = '', message, name } = error as NodeJS.ErrnoException;
    const reason = reasons[code] ?? (message || name || code);
    throw hubError('execution.blob_place_unusable', { place, reason }, { cause: error });
  }
}

export function blobNotFound(): Error {
  return hubError('execution.blob_not_found');
}
