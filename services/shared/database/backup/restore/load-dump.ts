/** A backup's dump into an empty database, by pg_restore. */

import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { hubError, isHubError } from '@quantum-hub/kernel';
import type { ConnectionSettings } from '../../connection/client.ts';
import type { OpenBackup } from '../manifest/open-backup.ts';
import { startProgram } from '../programs/run-program.ts';
import { findProgram, type Program } from '../programs.ts';

export interface LoadOptions {
  /** Connections at once; more than 1 needs a folder, or an open file on this machine. Default 1. */
  readonly jobs?: number;
  readonly signal?: AbortSignal;
  readonly onTable?: (name: string) => void;
}

/** Fills the database that `settings` lead to. Roles must be there. Throws `database.program_failed`. */
export async function loadDump(
  backup: OpenBackup,
  settings: ConnectionSettings,
  options: LoadOptions = {},
): Promise<void> {
  const { manifest, stored } = backup;
  const { dump, encryption, programVersion } = manifest;
  const directory = dump.format === 'directory';
  const local = encryption ? undefined : stored.localPath(dump.path);
  // In the server's container our files are not: there only a stream goes in.
  const streams = !directory && (local === undefined || (options.jobs ?? 1) === 1);
  const needs = { atLeast: Number.parseInt(programVersion, 10) };
  const program = await findProgram('pg_restore', { ...needs, ...(streams && { server: settings }) });
  if (streams) return await restoreFrom(program, settings, options, await backup.read(dump.path));
  if (local !== undefined) return await restoreFrom(program, settings, options, local);
  const folder = await mkdtemp(join(tmpdir(), 'qhub-restore-'));
  try {
    await fetchFolder(backup, folder);
    await restoreFrom(program, settings, options, folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** pg_restore takes a folder from the disk only. */
async function fetchFolder(backup: OpenBackup, folder: string): Promise<void> {
  const { files, dump, encryption } = backup.manifest;
  for (const { path } of files.filter(({ path }) => path.startsWith(`${dump.path}/`))) {
    const name = basename(path, encryption ? '.age' : undefined);
    await pipeline(await backup.read(path), createWriteStream(join(folder, name), { mode: 0o600 }));
  }
}

/**
 * pg_restore of a file, a folder or a stream; the first error ends it. With several jobs one section after the other: left to
 * itself, pg_restore makes the triggers of a partitioned table, which has no rows of its own, before its partitions are filled,
 * and they then change the rows that come in (seen with 15.20: `created_at` was the time of the restore).
 */
export async function restoreFrom(
  program: Program,
  settings: ConnectionSettings,
  options: LoadOptions,
  source: string | Readable,
): Promise<void> {
  const { jobs = 1 } = options;
  if (typeof source !== 'string' || jobs === 1) return await runOnce(program, settings, options, [], source);
  for (const section of ['pre-data', 'data', 'post-data']) {
    const args = [`--section=${section}`, `--jobs=${section === 'pre-data' ? 1 : jobs}`];
    await runOnce(program, settings, options, args, source);
  }
}

async function runOnce(
  program: Program,
  settings: ConnectionSettings,
  { signal, onTable }: LoadOptions,
  own: readonly string[],
  source: string | Readable,
): Promise<void> {
  const args = [
    `--dbname=${quotedForLibpq(settings.database)}`,
    '--exit-on-error',
    '--no-tablespaces',
    '--verbose',
    '--no-password',
    ...own,
    ...(typeof source === 'string' ? [source] : []),
  ];
  const onLine = (line: string) => {
    const [, table] = /processing data for table "(.*)"$/.exec(line) ?? [];
    if (table !== undefined) onTable?.(table);
  };
  const running = startProgram(program, { settings, args, signal, onLine });
  running.stdout.resume();
  if (typeof source === 'string') running.stdin.end();
  const feeding = typeof source === 'string' ? undefined : pipeline(source, running.stdin);
  const [fed, ended] = await Promise.allSettled([feeding, running.ended]);
  // A stream that breaks cuts the program's input: what broke it is the reason, unless the program ended first.
  if (fed.status === 'rejected' && !isClosedPipe(fed.reason)) throw fed.reason;
  if (ended.status === 'rejected') throw explained(ended.reason);
}

function quotedForLibpq(database: string): string {
  return `dbname='${database.replaceAll(/['\\]/g, '\\$&')}'`;
}

function isClosedPipe(error: unknown): boolean {
  const { code } = error as { code?: string };
  return code === 'EPIPE' || code === 'ERR_STREAM_PREMATURE_CLOSE' || code === 'ECONNRESET';
}

/** pg_restore of 17 and later sets what older servers do not know. */
function explained(error: unknown): unknown {
  if (!isHubError(error, 'database.program_failed') || !error.message.includes('transaction_timeout'))
    return error;
  const reason = `${error.message}; this server wants the pg_restore of its own version: name its folder in QHUB_POSTGRES_BIN`;
  return hubError('database.program_failed', { program: 'pg_restore', reason }, { cause: error });
}
