import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import {
  AbortMultipartUploadCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import { isHubError } from '@quantum-hub/kernel';
import { manifestFile } from '../manifest/manifest.ts';
import type { S3Place } from '../s3-settings.ts';
import {
  type BackupStore,
  type Draft,
  type FileFacts,
  missingFile,
  notFound,
  placeError,
  type StoredBackup,
} from './store.ts';

type Bucket = {
  readonly client: S3Client;
  readonly bucket: string;
  readonly prefix: string;
  readonly place: string;
};

/** S3 takes 10,000 parts an object: 160 GB of dump. Two parts are in memory at once. */
const partBytes = 16 * 1024 * 1024;
const partsAtOnce = 2;

/** S3 removes so many objects a request, and reports those that it refused in its answer. */
const mostRemoved = 1000;

/** Objects without a manifest are a draft, and an abandoned one when nothing was added to it for a day. */
const staleMs = 86_400_000;

/** Backups as objects below a prefix. The manifest is uploaded last, and without it nothing counts. */
export function s3Store(settings: S3Place): BackupStore {
  const { bucket, prefix, endpoint, region, uriStyle, authorities, credentials } = settings;
  const client = new S3Client({
    region,
    ...(endpoint && { endpoint }),
    forcePathStyle: uriStyle === 'path',
    ...(authorities && { requestHandler: { httpsAgent: { ca: authorities } } }),
    ...(credentials && {
      credentials: {
        accessKeyId: credentials.accessKeyId,
        secretAccessKey: credentials.secretAccessKey.reveal(),
      },
    }),
    // With that header the SDK opens connections of its own making, which know nothing of our authorities (seen with 3.1168).
    expectContinueHeader: false,
    // Servers other than Amazon's seldom know its newer checksums.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
  });
  const place = `s3://${bucket}${prefix && `/${prefix}`}`;
  const s3 = { client, bucket, prefix: prefix && `${prefix}/`, place };
  return {
    place,
    names: () => guarded(s3, () => names(s3)),
    open: (name) => guarded(s3, () => openStored(s3, name)),
    begin: (name) => guarded(s3, () => begin(s3, name)),
    remove: (name) => guarded(s3, () => removeStored(s3, name)),
    clearAbandoned: () => guarded(s3, () => clearAbandoned(s3)),
  };
}

async function guarded<Result>({ place }: Bucket, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    throw isHubError(error) ? error : placeError(place, error);
  }
}

type Listed = FileFacts & { readonly changedAt: Date };

/** Everything below the prefix, by the name of its backup. */
async function listAll(s3: Bucket, below = s3.prefix): Promise<Map<string, Listed[]>> {
  const found = new Map<string, Listed[]>();
  let token: string | undefined;
  do {
    const page = await s3.client.send(
      new ListObjectsV2Command({ Bucket: s3.bucket, Prefix: below, ContinuationToken: token }),
    );
    for (const { Key = '', Size = 0, LastModified = new Date() } of page.Contents ?? []) {
      const [name = '', ...path] = Key.slice(s3.prefix.length).split('/');
      const file = { path: path.join('/'), bytes: Size, changedAt: LastModified };
      if (file.path) found.set(name, [...(found.get(name) ?? []), file]);
    }
    token = page.NextContinuationToken;
  } while (token);
  return found;
}

async function names(s3: Bucket): Promise<string[]> {
  const all = await listAll(s3);
  return [...all]
    .filter(([, files]) => isWhole(files))
    .map(([name]) => name)
    .toSorted();
}

function isWhole(files: readonly FileFacts[]): boolean {
  return files.some(({ path }) => path === manifestFile);
}

async function openStored(s3: Bucket, name: string): Promise<StoredBackup> {
  const key = (path: string) => `${s3.prefix}${name}/${path}`;
  try {
    await s3.client.send(new HeadObjectCommand({ Bucket: s3.bucket, Key: key(manifestFile) }));
  } catch (error) {
    throw isMissing(error) ? notFound(name, s3.place) : error;
  }
  return {
    name,
    files: () => guarded(s3, async () => (await listAll(s3, `${s3.prefix}${name}/`)).get(name) ?? []),
    read: (path) =>
      guarded(s3, async () => {
        try {
          const { Body } = await s3.client.send(new GetObjectCommand({ Bucket: s3.bucket, Key: key(path) }));
          return Body as Readable;
        } catch (error) {
          throw isMissing(error) ? missingFile(name, path) : error;
        }
      }),
    localPath: () => undefined,
  };
}

function isMissing(error: unknown): boolean {
  return (error as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode === 404;
}

async function begin(s3: Bucket, wanted: string): Promise<Draft> {
  const taken = await listAll(s3, `${s3.prefix}${wanted}`);
  let name = wanted;
  for (let number = 2; taken.has(name); number++) name = `${wanted}_${number}`;
  const staging = await mkdtemp(join(tmpdir(), 'qhub-backup-'));
  const written: string[] = [];
  let published = false;
  return {
    name,
    staging,
    write: (path, source) =>
      guarded(s3, async () => {
        const key = `${s3.prefix}${name}/${path}`;
        written.push(key);
        await upload(s3, key, source);
      }),
    publish: (manifest) =>
      guarded(s3, async () => {
        const Key = `${s3.prefix}${name}/${manifestFile}`;
        await s3.client.send(new PutObjectCommand({ Bucket: s3.bucket, Key, Body: manifest }));
        published = true;
      }),
    discard: async () => {
      await rm(staging, { recursive: true, force: true });
      if (!published) await remove(s3, written);
    },
  };
}

async function upload({ client, bucket }: Bucket, key: string, source: Readable): Promise<void> {
  const uploading = new Upload({
    client,
    params: { Bucket: bucket, Key: key, Body: source },
    partSize: partBytes,
    queueSize: partsAtOnce,
    // Left to the library, a server that can't abort hides what went wrong before.
    leavePartsOnError: true,
  });
  try {
    await uploading.done();
  } catch (error) {
    source.destroy(error as Error);
    const { uploadId: UploadId } = uploading;
    if (UploadId) {
      await client
        .send(new AbortMultipartUploadCommand({ Bucket: bucket, Key: key, UploadId }))
        .catch(() => {});
    }
    throw error;
  }
}

async function remove({ client, bucket }: Bucket, keys: readonly string[]): Promise<void> {
  for (let from = 0; from < keys.length; from += mostRemoved) {
    const Objects = keys.slice(from, from + mostRemoved).map((Key) => ({ Key }));
    const { Errors } = await client.send(
      new DeleteObjectsCommand({ Bucket: bucket, Delete: { Objects, Quiet: true } }),
    );
    const [first] = Errors ?? [];
    if (first) throw new Error(`${first.Key} could not be removed: ${first.Message ?? first.Code}`);
  }
}

/** The manifest first: what is cut off then is a draft that nobody finishes, and goes with those. */
async function removeStored(s3: Bucket, name: string): Promise<void> {
  const files = await (await openStored(s3, name)).files();
  const keys = files.map(({ path }) => `${s3.prefix}${name}/${path}`);
  const manifest = `${s3.prefix}${name}/${manifestFile}`;
  await remove(s3, [manifest]);
  await remove(
    s3,
    keys.filter((key) => key !== manifest),
  );
}

async function clearAbandoned(s3: Bucket): Promise<void> {
  await clearUploads(s3);
  for (const [name, files] of await listAll(s3)) {
    const newest = Math.max(...files.map(({ changedAt }) => changedAt.getTime()));
    if (isWhole(files) || Date.now() - newest < staleMs) continue;
    await remove(
      s3,
      files.map(({ path }) => `${s3.prefix}${name}/${path}`),
    );
  }
}

/** Parts of an object that never became one, as an upload that was killed leaves them: in no list, and yet paid for. */
async function clearUploads({ client, bucket: Bucket, prefix: Prefix }: Bucket): Promise<void> {
  const list = new ListMultipartUploadsCommand({ Bucket, Prefix });
  // Not every server can tell them. Of more than a thousand the next time finds the rest.
  const { Uploads = [] } = await client.send(list).catch(unlessUnknown);
  for (const { Key, UploadId, Initiated } of Uploads) {
    if (!Initiated || Date.now() - Initiated.getTime() < staleMs) continue;
    await client.send(new AbortMultipartUploadCommand({ Bucket, Key, UploadId }));
  }
}

/** Not implemented, or not allowed: for a login that may not look there is nothing to clear. */
function unlessUnknown(error: { $metadata?: { httpStatusCode?: number } }): { Uploads?: undefined } {
  if ([403, 404, 405, 501].includes(error.$metadata?.httpStatusCode ?? 0)) return {};
  throw error;
}
