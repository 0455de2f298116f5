/** The schema as `pg_dump -s` prints it: a second witness, where a pg_dump is installed that knows the server. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { ScratchAddress } from '../check/model-differences.ts';

const run = promisify(execFile);

/** A function that dumps, or undefined where pg_dump is missing, older than the server, or knows no `--restrict-key`. */
export async function schemaDumper(
  address: ScratchAddress,
  serverMajor: number,
): Promise<(() => Promise<string[]>) | undefined> {
  try {
    const [{ stdout: version }, { stdout: help }] = await Promise.all([
      run('pg_dump', ['--version']),
      run('pg_dump', ['--help']),
    ]);
    const major = Number(/\) (\d+)/.exec(version)?.[1] ?? 0);
    return major >= serverMajor && help.includes('--restrict-key') ? () => dumpSchema(address) : undefined;
  } catch {
    return undefined;
  }
}

/** Sorted lines, because a column that was dropped and added again stands at the end of its table. Comments are left out. */
async function dumpSchema({ host, port, user, password, database }: ScratchAddress): Promise<string[]> {
  const args = [
    '-s',
    '--restrict-key=verify',
    '-h',
    host,
    '-p',
    String(port),
    '-U',
    user,
    '-d',
    database,
    '-w',
  ];
  const { stdout } = await run('pg_dump', args, {
    env: { ...process.env, PGPASSWORD: password },
    maxBuffer: 256 * 1024 * 1024,
  });
  return stdout
    .split('\n')
    .map((line) => line.trim().replace(/,$/, ''))
    .filter((line) => line !== '' && !line.startsWith('--'))
    .toSorted();
}
