import { spawnSync } from 'node:child_process';

/**
 * For `test(..., { skip: without(program) })`: why the test is left out on this machine. Under CI it is not: there a
 * missing program has to fail.
 */
export function without(program: string, debianPackage: string): string | false {
  const found =
    spawnSync('/bin/sh', ['-c', `command -v ${program}`], { env: { PATH: programPath } }).status === 0;
  return found || process.env.CI ? false : `needs ${program} (Debian: apt-get install ${debianPackage})`;
}

/** Debian keeps servers such as PgBouncer in a directory that is not on everybody's path. */
export const programPath = `${process.env.PATH}:/usr/sbin:/sbin`;
