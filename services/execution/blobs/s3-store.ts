import type { Readable } from 'node:stream';
import {
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  S3Client,
} from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import type { BlobPlace } from './place.ts';
import { atPlace, type BlobFacts, type BlobStore, type ByteRange, blobNotFound } from './store.ts';

type Bucket = { readonly client: S3Client; readonly bucket: string; readonly prefix: string };

/** Blobs as objects below a prefix. Credentials are those of the AWS environment. */
export function s3Store({ bucket, prefix, endpoint, region }: BlobPlace & { kind: 's3' }): BlobStore {
  const client = new S3Client({
    region,
    // Servers other than Amazon's seldom give each bucket a host name, or know its newer checksums.
    ...(endpoint && { endpoint, forcePathStyle: true }),
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
  });
  const place = `s3://${bucket}${prefix && `/${prefix}`}`;
  const s3 = { client, bucket, prefix: prefix && `${prefix}/` };
  return {
    place,
    put: (key, content) => atPlace(place, () => put(s3, key, content)),
    find: (key) => atPlace(place, () => find(s3, key)),
    read: (key, range) => atPlace(place, () => read(s3, key, range)),
    list: () => list(s3, place),
    remove: (key) =>
      atPlace(place, async () => {
        await client.send(new DeleteObjectCommand({ Bucket: bucket, Key: s3.prefix + key }));
      }),
    async [Symbol.asyncDispose]() {
      client.destroy();
    },
  };
}

/** An object appears when its upload is whole; one that breaks off is aborted. */
async function put({ client, bucket, prefix }: Bucket, key: string, content: Readable): Promise<void> {
  try {
    await new Upload({
      client,
      params: { Bucket: bucket, Key: prefix + key, Body: content, ContentType: 'application/json' },
      queueSize: 2,
    }).done();
  } catch (error) {
    content.destroy(error as Error);
    throw error;
  }
}

async function find({ client, bucket, prefix }: Bucket, key: string): Promise<BlobFacts | undefined> {
  try {
    const head = await client.send(new HeadObjectCommand({ Bucket: bucket, Key: prefix + key }));
    return { key, bytes: head.ContentLength ?? 0, changedAt: head.LastModified ?? new Date(0) };
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

async function read({ client, bucket, prefix }: Bucket, key: string, range?: ByteRange): Promise<Readable> {
  try {
    const Range = range && `bytes=${range.first}-${range.last}`;
    const { Body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key: prefix + key, Range }));
    return Body as Readable;
  } catch (error) {
    throw isMissing(error) ? blobNotFound() : error;
  }
}

async function* list({ client, bucket, prefix }: Bucket, place: string): AsyncGenerator<BlobFacts> {
  let token: string | undefined;
  do {
    const command = new ListObjectsV2Command({ Bucket: bucket, Prefix: prefix, ContinuationToken: token });
    const page = await atPlace(place, () => client.send(command));
    for (const { Key = '', Size = 0, LastModified = new Date() } of page.Contents ?? []) {
      yield { key: Key.slice(prefix.length), bytes: Size, changedAt: LastModified };
    }
    token = page.NextContinuationToken;
  } while (token);
}

function isMissing(error: unknown): boolean {
  return (error as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode === 404;
}
