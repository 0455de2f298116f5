/** The schema as `pg_dump -s` prints it: a second witness, where a pg_dump is installed that knows the server. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { lookForProgram } from '../../backup/programs.ts';
import type { ScratchAddress } from '../../scratch/scratch-database.ts';

const run = promisify(execFile);

/** A function that dumps, or undefined where pg_dump is missing, older than the server, or knows no `--restrict-key`. */
export async function schemaDumper(
  address: ScratchAddress,
  serverMajor: number,
): Promise<(() => Promise<string[]>) | undefined> {
  const program = await lookForProgram('pg_dump', { atLeast: serverMajor });
  if (program === undefined) return undefined;
  const file = program.command[0] ?? '';
  const { stdout: help } = await run(file, ['--help']);
  return help.includes('--restrict-key') ? () => dumpSchema(file, address) : undefined;
}

/** Sorted lines, because a column that was dropped and added again stands at the end of its table. Comments are left out. */
async function dumpSchema(
  program: string,
  { host, port, user, password, database }: ScratchAddress,
): Promise<string[]> {
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
  const { stdout } = await run(program, args, {
    env: { ...process.env, PGPASSWORD: password },
    maxBuffer: 256 * 1024 * 1024,
  });
  return stdout
    .split('\n')
    .map((line) => line.trim().replace(/,$/, ''))
    .filter((line) => line !== '' && !line.startsWith('--'))
    .toSorted();
}
