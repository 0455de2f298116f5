import { randomBytes } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { atPlace, type BlobFacts, type BlobStore, type ByteRange, blobNotFound } from './store.ts';

/** A file that is being written; a day later its writer is gone. */
const DRAFT = '.part';
const ABANDONED_MS = 86_400_000;

/** Blobs as files below a folder, in sub-folders as their keys say. */
export function folderStore(folder: string): BlobStore {
  const pathOf = (key: string) => join(folder, ...key.split('/'));
  return {
    place: folder,
    put: (key, content) => atPlace(folder, () => put(pathOf(key), content)),
    find: (key) => atPlace(folder, () => find(key, pathOf(key))),
    read: (key, range) => atPlace(folder, () => read(pathOf(key), range)),
    list: () => list(folder),
    remove: (key) => atPlace(folder, () => rm(pathOf(key), { force: true })),
    async [Symbol.asyncDispose]() {},
  };
}

/** Renamed when it is whole and on the disk: nobody ever reads half a blob. */
async function put(path: string, content: Readable): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const draft = `${path}.${randomBytes(8).toString('hex')}${DRAFT}`;
  try {
    await pipeline(content, createWriteStream(draft, { flags: 'wx', mode: 0o600, flush: true }));
    await rename(draft, path);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
  await using parent = await open(dirname(path));
  await parent.sync();
}

async function find(key: string, path: string): Promise<BlobFacts | undefined> {
  const facts = await stat(path).catch(unlessMissing);
  return facts?.isFile() ? { key, bytes: facts.size, changedAt: facts.mtime } : undefined;
}

async function read(path: string, range?: ByteRange): Promise<Readable> {
  const file = await open(path).catch(unlessMissing);
  if (file === undefined) throw blobNotFound();
  // Closes the file at its end, or when the reader goes away.
  return file.createReadStream({
    highWaterMark: 256 * 1024,
    ...(range && { start: range.first, end: range.last }),
  });
}

async function* list(folder: string): AsyncGenerator<BlobFacts> {
  const entries = await atPlace(folder, async () => {
    return (await readdir(folder, { recursive: true, withFileTypes: true }).catch(unlessMissing)) ?? [];
  });
  for (const entry of entries) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    const facts = await atPlace(folder, () => find(relative(folder, path).split(sep).join('/'), path));
    if (facts === undefined) continue;
    if (!entry.name.endsWith(DRAFT)) yield facts;
    else if (Date.now() - facts.changedAt.getTime() > ABANDONED_MS) await rm(path, { force: true });
  }
}

function unlessMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined;
  throw error;
}
