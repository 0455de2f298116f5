/** Files that people made with `pg_dump ... > file.sql`, also packed by gzip, and with `pg_dump --format=custom`. */
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { hubError } from '@quantum-hub/kernel';
import type { ConnectionSettings } from '../../connection/client.ts';
import { startProgram } from '../programs/run-program.ts';
import { findProgram } from '../programs.ts';
import { type LoadOptions, restoreFrom } from './load-dump.ts';

export type DumpFile = { readonly path: string; readonly kind: 'sql' | 'sql.gz' | 'custom' };

const head = '-- PostgreSQL database dump';
const tail = '-- PostgreSQL database dump complete';

/** Takes a file only when it is a whole dump of one database. Throws `database.backup_foreign` with the reason. */
export async function openDumpFile(path: string): Promise<DumpFile> {
  const start = await firstBytes(path);
  if (start.subarray(0, 5).toString('latin1') === 'PGDMP') return { path, kind: 'custom' };
  const kind = start[0] === 0x1f && start[1] === 0x8b ? 'sql.gz' : 'sql';
  const file = { path, kind } as const;
  const reason = await faultOf(file);
  if (reason !== undefined) throw hubError('database.backup_foreign', { path, reason });
  return file;
}

async function firstBytes(path: string): Promise<Buffer> {
  try {
    await using file = await open(path);
    const { buffer, bytesRead } = await file.read(Buffer.alloc(5), 0, 5, 0);
    return buffer.subarray(0, bytesRead);
  } catch (error) {
    const reason = `it cannot be read (${(error as NodeJS.ErrnoException).code})`;
    throw hubError('database.backup_foreign', { path, reason }, { cause: error });
  }
}

/** A look through the whole file, before any of it runs. */
async function faultOf(file: DumpFile): Promise<string | undefined> {
  let text = '';
  let begun = false;
  try {
    for await (const chunk of contentOf(file)) {
      text += (chunk as Buffer).toString('latin1');
      if (!begun && text.length >= 4096) {
        if (!text.slice(0, 4096).includes(head)) return notADump;
        begun = true;
      }
      // psql would follow it into another database than the one that is filled.
      if (/^\\c(onnect)?\s/m.test(text))
        return 'it changes the database by \\connect; make it without --create, of one database';
      text = text.slice(-8192);
    }
  } catch (error) {
    return `it cannot be unpacked (${(error as NodeJS.ErrnoException).code}): it is cut or damaged`;
  }
  if (!begun && !text.includes(head)) return notADump;
  if (text.includes('PostgreSQL database cluster dump'))
    return 'it holds a whole server; make it by pg_dump, of one database';
  return text.slice(-1024).includes(tail) ? undefined : 'it is cut: the line that ends a dump is missing';
}

const notADump = 'it does not begin as a dump by pg_dump does';

function contentOf({ path, kind }: DumpFile): Readable {
  const source = createReadStream(path, { highWaterMark: 256 * 1024 });
  if (kind !== 'sql.gz') return source;
  const unpacked = createGunzip();
  pipeline(source, unpacked).catch(() => {});
  return unpacked;
}

/** Fills an empty database from it; the first error ends it. Roles must be there. */
export async function loadDumpFile(
  file: DumpFile,
  settings: ConnectionSettings,
  options: LoadOptions,
): Promise<void> {
  if (file.kind === 'custom') {
    const jobs = options.jobs ?? 1;
    const program = await findProgram('pg_restore', jobs === 1 ? { server: settings } : {});
    return await restoreFrom(
      program,
      settings,
      options,
      jobs === 1 ? createReadStream(file.path) : file.path,
    );
  }
  const program = await findProgram('psql', { server: settings });
  const args = ['--no-psqlrc', '--quiet', '--no-password', '--set=ON_ERROR_STOP=1', '--output=/dev/null'];
  const running = startProgram(program, { settings, args, signal: options.signal });
  running.stdout.resume();
  const feeding = pipeline(contentOf(file), running.stdin);
  const [fed, ended] = await Promise.allSettled([feeding, running.ended]);
  if (ended.status === 'rejected') throw ended.reason;
  if (fed.status === 'rejected') throw fed.reason;
}
