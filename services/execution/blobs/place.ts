import { resolve } from 'node:path';
import { hubError } from '@quantum-hub/kernel';

/** Where blobs are kept. */
export type BlobPlace =
  | { readonly kind: 'folder'; readonly path: string }
  | {
      readonly kind: 's3';
      readonly bucket: string;
      /** Without slashes at its ends; empty for the whole bucket. */
      readonly prefix: string;
      /** Of a server other than Amazon's. */
      readonly endpoint: string | undefined;
      readonly region: string;
    };

export type BlobSettings = {
  /** A folder, or `s3://bucket/prefix`. */
  readonly place: string;
  readonly endpoint?: string | undefined;
  readonly region?: string | undefined;
};

const S3 = /^s3:\/\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:\/(.*?))?\/?$/;

/** Reads the settings of a place. Throws `kernel.invalid_value` for an address that is none. */
export function readBlobPlace({ place, endpoint, region = 'us-east-1' }: BlobSettings): BlobPlace {
  if (!place.startsWith('s3:')) return { kind: 'folder', path: resolve(place) };
  const [, bucket, prefix = ''] = S3.exec(place) ?? [];
  if (bucket === undefined) {
    throw hubError('kernel.invalid_value', {
      name: 'the place of blobs',
      value: place,
      expected: 's3://BUCKET/PREFIX',
    });
  }
  return { kind: 's3', bucket, prefix, endpoint, region };
}
