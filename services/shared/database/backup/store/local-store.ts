import { randomBytes } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, open, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { dirname, join, relative, sep } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { isHubError } from '@quantum-hub/kernel';
import { isAlive, startToken } from '../../server/processes.ts';
import { manifestFile } from '../manifest/manifest.ts';
import {
  type BackupStore,
  type Draft,
  missingFile,
  notFound,
  placeError,
  type StoredBackup,
} from './store.ts';

const draftPrefix = '.draft-';
const removedPrefix = '.removed-';
const stagingFolder = '.staging';

/** Backups as folders of one folder. A draft is renamed when it is whole, so no half backup is ever seen. */
export function localStore(folder: string): BackupStore {
  return {
    place: folder,
    names: () => guarded(folder, () => namesIn(folder)),
    open: (name) => openLocal(folder, name),
    begin: (name) => guarded(folder, () => beginLocal(folder, name)),
    remove: (name) => guarded(folder, () => removeLocal(folder, name)),
    clearAbandoned: () => guarded(folder, () => clearAbandoned(folder)),
  };
}

async function guarded<Result>(folder: string, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (isHubError(error) || (error as NodeJS.ErrnoException).code === undefined) throw error;
    throw placeError(folder, error);
  }
}

async function namesIn(folder: string): Promise<string[]> {
  const names: string[] = [];
  for (const entry of await entriesOf(folder)) {
    if (!entry.startsWith('.') && (await isFile(join(folder, entry, manifestFile)))) names.push(entry);
  }
  return names.toSorted();
}

async function entriesOf(folder: string): Promise<string[]> {
  return await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
}

async function isFile(path: string): Promise<boolean> {
  return await stat(path).then(
    (facts) => facts.isFile(),
    () => false,
  );
}

async function openLocal(folder: string, name: string): Promise<StoredBackup> {
  const root = join(folder, name);
  if (dirname(root) !== join(folder) || !(await isFile(join(root, manifestFile))))
    throw notFound(name, folder);
  return {
    name,
    files: () => guarded(folder, () => filesOf(root)),
    read: async (path) => {
      if (!(await isFile(join(root, path)))) throw missingFile(name, path);
      return createReadStream(join(root, path), { highWaterMark: 256 * 1024 });
    },
    localPath: (path) => join(root, path),
  };
}

/** Every file, however deep, with its size. */
async function filesOf(root: string) {
  const entries = await readdir(root, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => !entry.isDirectory());
  return await Promise.all(
    files.map(async (entry) => {
      const path = join(entry.parentPath, entry.name);
      return { path: relative(root, path).replaceAll(sep, '/'), bytes: (await stat(path)).size };
    }),
  );
}

async function beginLocal(folder: string, wanted: string): Promise<Draft> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const root = join(folder, `${draftPrefix}${ownMark()}-${randomBytes(4).toString('hex')}`);
  await mkdir(join(root, stagingFolder), { recursive: true, mode: 0o700 });
  const taken = new Set(await entriesOf(folder));
  let name = wanted;
  for (let number = 2; taken.has(name); number++) name = `${wanted}_${number}`;
  return {
    name,
    staging: join(root, stagingFolder),
    write: (path, source) => guarded(folder, () => writeDurably(join(root, path), source)),
    publish: (manifest) => guarded(folder, () => publish({ folder, root, name }, manifest)),
    discard: () => rm(root, { recursive: true, force: true }),
  };
}

async function writeDurably(path: string, source: Readable): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  await pipeline(source, createWriteStream(path, { flags: 'wx', mode: 0o600, flush: true }));
}

async function publish(
  { folder, root, name }: { folder: string; root: string; name: string },
  manifest: string,
): Promise<void> {
  await rm(join(root, stagingFolder), { recursive: true, force: true });
  await writeFile(join(root, manifestFile), manifest, { flag: 'wx', mode: 0o600, flush: true });
  for (const entry of await readdir(root, { recursive: true, withFileTypes: true })) {
    if (entry.isDirectory()) await syncFolder(join(entry.parentPath, entry.name));
  }
  await syncFolder(root);
  await rename(root, join(folder, name));
  await syncFolder(folder);
}

/** What a folder lists outlives a power cut only after this. */
async function syncFolder(path: string): Promise<void> {
  await using folder = await open(path);
  await folder.sync();
}

/** Renamed first, and durably: whatever is cut off then leaves rubbish, and no half backup. */
async function removeLocal(folder: string, name: string): Promise<void> {
  await openLocal(folder, name);
  const rubbish = join(folder, `${removedPrefix}${randomBytes(8).toString('hex')}`);
  await rename(join(folder, name), rubbish);
  await syncFolder(folder);
  await rm(rubbish, { recursive: true, force: true });
}

/** Host, process and the token that tells this process from a later one of its number. */
function ownMark(): string {
  return `${hostPart()}-${process.pid}-${token(process.pid)}`;
}

function hostPart(): string {
  return hostname().replace(/[^\w]+/g, '_');
}

function token(pid: number): string {
  return (startToken(pid) ?? 'x').replace(/\W+/g, '_');
}

/** A week: drafts of other hosts cannot be asked whether they are alive. */
const staleMs = 7 * 86_400_000;

async function clearAbandoned(folder: string): Promise<void> {
  for (const entry of await entriesOf(folder)) {
    const path = join(folder, entry);
    if (entry.startsWith(removedPrefix)) await rm(path, { recursive: true, force: true });
    if (!entry.startsWith(draftPrefix)) continue;
    const [, host, pid, mark] = /^\.draft-(\w+)-(\d+)-(\w+)-\w+$/.exec(entry) ?? [];
    const alive = isAlive(Number(pid)) && token(Number(pid)) === mark;
    const facts = await stat(path).catch(() => undefined);
    const old = facts !== undefined && Date.now() - facts.mtimeMs > staleMs;
    // A pg_dump that outlives its maker may still be filling it.
    if (host === hostPart() ? !alive : old)
      await rm(path, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 });
  }
}
