import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { lookForProgram } from '../backup/programs.ts';

const limitMs = 20_000;

/**
 * A folder with PostgreSQL's server of this major, such as `createThrowawayServer` takes, or undefined: in
 * `QHUB_POSTGRES_BIN`, on PATH, where distributions keep each version, or where `pg_config` says that it was installed.
 */
export async function serverProgramsOf(major: number): Promise<string | undefined> {
  const needs = { exactly: major };
  const postgres = (await lookForProgram('postgres', needs))?.command[0];
  const folders = [postgres && dirname(postgres), await configuredFolder(major)];
  const folder = folders.find(
    (bin) => bin && existsSync(join(bin, 'initdb')) && existsSync(join(bin, 'postgres')),
  );
  // Programs of an npm package may be copied to where the server's user can reach them; by this folder they are known.
  return folder && basename(dirname(folder)) === 'native' ? dirname(dirname(folder)) : folder;
}

/** Where a PostgreSQL lies that was compiled here, and whose `pg_config` alone is on PATH. */
async function configuredFolder(major: number): Promise<string | undefined> {
  try {
    const ask = async (what: string) =>
      (await promisify(execFile)('pg_config', [what], { timeout: limitMs })).stdout.trim();
    const version = /(\d+)/.exec(await ask('--version'))?.[1];
    return Number(version) === major ? await ask('--bindir') : undefined;
  } catch {
    return undefined;
  }
}
