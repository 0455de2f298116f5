/** The dump and the roles, from PostgreSQL's programs into a draft. */
import { createReadStream } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ConnectionSettings } from '../../connection/client.ts';
import type { Reader } from '../contents/reader.ts';
import { lockTimeoutMs, type Snapshot } from '../contents/snapshot.ts';
import type { Sealer } from '../manifest/cipher.ts';
import type { BackupFile } from '../manifest/manifest.ts';
import { startProgram } from '../programs/run-program.ts';
import type { Program } from '../programs.ts';
import { Metered } from '../store/metered.ts';
import type { Draft } from '../store/store.ts';

export interface DumpTarget {
  readonly draft: Draft;
  readonly sealer?: Sealer;
  readonly settings: ConnectionSettings;
  readonly signal?: AbortSignal;
  /** Counts bytes as they are stored. */
  readonly onBytes?: (bytes: number) => void;
}

/** Stores one file, sealed where the backup is, and says what lies there then. */
export async function storeFile(
  { draft, sealer, onBytes }: DumpTarget,
  plainPath: string,
  source: Readable,
): Promise<BackupFile> {
  const path = sealer ? `${plainPath}.age` : plainPath;
  const metered = new Metered(onBytes);
  const sealed = sealer ? await sealer.seal(source) : source;
  // Both at once: what fails in one destroys the stream between them, and so ends the other.
  const outcomes = await Promise.allSettled([pipeline(sealed, metered), draft.write(path, metered)]);
  const reasons = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason] : []));
  // What the place says of itself comes first: the stream before it only tells that it was destroyed, and by what code.
  if (reasons.length > 0) throw reasons.find(isOfThePlace) ?? reasons[0];
  return { path, bytes: metered.bytes, sha256: metered.sha256() };
}

/** All roles of the cluster. Their password hashes only on request: they open every database of the server. */
export async function storeRoles(
  target: DumpTarget,
  program: Program,
  { passwords, path }: { passwords: boolean; path: string },
): Promise<BackupFile> {
  const { settings, signal } = target;
  const args = ['--globals-only', '--no-password', `--database=${settings.database}`];
  if (!passwords) args.push('--no-role-passwords');
  const running = startProgram(program, { settings, args, signal });
  running.stdin.end();
  const [stored] = await bothOrReason(storeFile(target, path, running.stdout), running.ended);
  return stored;
}

export interface DumpOptions {
  readonly reader: Reader;
  readonly snapshot: Snapshot;
  readonly format: 'custom' | 'directory';
  readonly jobs: number;
  /** The file, or the folder. */
  readonly path: string;
  readonly onTable?: (name: string) => void;
}

/** pg_dump at the snapshot's moment: one file by a pipe, or a folder that several connections fill at once. */
export async function storeDump(
  target: DumpTarget,
  program: Program,
  options: DumpOptions,
): Promise<BackupFile[]> {
  const { format, path, jobs } = options;
  if (format === 'custom') {
    const running = startDump(target, program, options, []);
    const [stored] = await bothOrReason(storeFile(target, path, running.stdout), running.ended);
    return [stored];
  }
  const folder = join(target.draft.staging, path);
  const running = startDump(target, program, options, [`--jobs=${jobs}`, `--file=${folder}`]);
  running.stdout.resume();
  await running.ended;
  return await storeFolder(target, folder);
}

function startDump(target: DumpTarget, program: Program, options: DumpOptions, more: readonly string[]) {
  const { reader, snapshot, format, onTable } = options;
  const { settings, signal } = target;
  const args = [
    `--format=${format}`,
    `--snapshot=${snapshot.id}`,
    `--lock-wait-timeout=${lockTimeoutMs}`,
    '--verbose',
    '--no-password',
    ...(reader.role ? [`--role=${reader.role}`] : []),
    ...(reader.rowSecurity === 'policies' ? ['--enable-row-security'] : []),
    ...more,
  ];
  const onLine = (line: string) => {
    const [, table] = /dumping contents of table "(.*)"$/.exec(line) ?? [];
    if (table !== undefined) onTable?.(table);
  };
  const running = startProgram(program, { settings, args, signal, onLine });
  running.stdin.end();
  return running;
}

/** Each file is removed once it is stored: at most one of them lies there twice. */
async function storeFolder(target: DumpTarget, folder: string): Promise<BackupFile[]> {
  const { staging } = target.draft;
  const stored: BackupFile[] = [];
  let before = 0;
  for (const entry of (await readdir(folder)).toSorted()) {
    const file = join(folder, entry);
    const path = relative(staging, file).replaceAll(sep, '/');
    const onBytes = (bytes: number) => target.onBytes?.(before + bytes);
    const facts = await storeFile({ ...target, onBytes }, path, createReadStream(file));
    before += facts.bytes;
    stored.push(facts);
    await rm(file);
  }
  return stored;
}

/** When a program and the storing of what it writes both fail, the program's reason is the one to tell. */
async function bothOrReason(storing: Promise<BackupFile>, ended: Promise<void>): Promise<[BackupFile]> {
  const [stored, program] = await Promise.allSettled([storing, ended]);
  // A full disk closes the pipe, of which the program then complains: there the storing failed first.
  if (stored.status === 'rejected' && isOfThePlace(stored.reason)) throw stored.reason;
  if (program.status === 'rejected') throw program.reason;
  if (stored.status === 'rejected') throw stored.reason;
  return [stored.value];
}

function isOfThePlace(error: unknown): boolean {
  return (error as { code?: string }).code === 'database.backup_place_unusable';
}

/** A text or bytes that are made here. */
export function streamOf(content: string | Uint8Array): Readable {
  return Readable.from([Buffer.from(content)]);
}
