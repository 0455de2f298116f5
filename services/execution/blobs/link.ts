import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';
import { type Hidden, hubError } from '@quantum-hub/kernel';

/** What a link opens: one document of one job, by its content. */
export type BlobName = {
  readonly jobId: string;
  /** SHA-256 of the content, hexadecimal. */
  readonly sha256: string;
};

/** Folders of at most some thousands of files: the last digits of an id are random. */
export function blobKey({ jobId, sha256 }: BlobName): string {
  return `results/${jobId.slice(-2)}/${jobId}.${sha256}.json`;
}

const KEY = /^results\/[0-9a-f]{2}\/([0-9a-f-]{36})[.]([0-9a-f]{64})[.]json$/;

/** undefined for a key that is none of ours: a bucket may hold other things. */
export function blobNameOf(key: string): BlobName | undefined {
  const [, jobId, sha256] = KEY.exec(key) ?? [];
  return jobId !== undefined && sha256 !== undefined ? { jobId, sha256 } : undefined;
}

/** Job's id, hash, seconds since 1970, and the code that only the hub can make. */
const ID = 16;
const HASH = 32;
const TIME = 6;
const CODE = 32;

/**
 * Makes and reads the tokens of `GET /v1/blobs/:token`. Whoever has a link may read that one document until it expires: it can be given to a
 * program that has no key. All processes of a hub have the same secret, so any of them serves the link of another.
 */
export class BlobLinks {
  readonly #secret: Buffer;

  /** @param secret the hub's own key; the links' key is derived from it, so that no other use of it can make one */
  constructor(secret: Hidden<Uint8Array>) {
    this.#secret = Buffer.from(hkdfSync('sha256', secret.reveal(), '', 'quantum-hub blob links 1', 32));
  }

  tokenFor({ jobId, sha256 }: BlobName, expiresAt: Date): string {
    const body = Buffer.alloc(ID + HASH + TIME);
    body.write(jobId.replaceAll('-', ''), 0, 'hex');
    body.write(sha256, ID, 'hex');
    body.writeUIntBE(Math.floor(expiresAt.getTime() / 1000), ID + HASH, TIME);
    return Buffer.concat([body, this.#code(body)]).toString('base64url');
  }

  /** Throws `execution.blob_link_invalid` and `execution.blob_link_expired`. */
  read(token: string, now: Date): BlobName {
    const bytes = Buffer.from(token, 'base64url');
    const body = bytes.subarray(0, ID + HASH + TIME);
    const code = bytes.subarray(ID + HASH + TIME);
    // One way to write a token only: base64url takes characters that mean nothing.
    const isWhole = code.length === CODE && bytes.toString('base64url') === token;
    if (!isWhole || !timingSafeEqual(code, this.#code(body))) throw hubError('execution.blob_link_invalid');
    const expiresAt = body.readUIntBE(ID + HASH, TIME) * 1000;
    if (now.getTime() >= expiresAt) {
      throw hubError('execution.blob_link_expired', { at: new Date(expiresAt).toISOString() });
    }
    const hex = body.toString('hex', 0, ID);
    const jobId = hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
    return { jobId, sha256: body.toString('hex', ID, ID + HASH) };
  }

  #code(body: Uint8Array): Buffer {
    return createHmac('sha256', this.#secret).update(body).digest();
  }
}
