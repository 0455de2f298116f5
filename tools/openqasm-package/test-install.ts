import { execFileSync, spawnSync } from 'node:child_process';
import { accessSync, constants, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { packPackage } from './build.ts';

/** An empty folder with the packed package installed into it, as a stranger has it. */
export type Install = AsyncDisposable & {
  readonly folder: string;
  readonly tarball: string;
  /** Runs ES module text in the folder. @param node which Node; @returns what it printed */
  run(text: string, node?: string): string;
};

export async function install(): Promise<Install> {
  const work = mkdtempSync(join(tmpdir(), 'openqasm-package-'));
  const packed = mkdtempSync(join(tmpdir(), 'openqasm-packed-'));
  const tarball = await packPackage(packed);
  writeFileSync(join(work, 'package.json'), '{ "private": true, "type": "module" }\n');
  execFileSync('npm', ['install', '--offline', '--no-audit', '--no-fund', tarball], { cwd: work });
  return {
    folder: work,
    tarball,
    run: (text, node = process.execPath) => {
      const path = join(work, 'program.js');
      writeFileSync(path, text);
      return execFileSync(node, [path], { cwd: work, encoding: 'utf8' });
    },
    [Symbol.asyncDispose]: async () => {
      for (const folder of [work, packed]) rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** The first of these programs on the PATH that `fits`, npm's own folders aside. */
export function findProgram(
  names: readonly string[],
  fits: (path: string) => boolean = () => true,
): string | undefined {
  const folders = (process.env.PATH ?? '').split(delimiter).filter((folder) => !/node_modules/.test(folder));
  return folders
    .flatMap((folder) => names.map((name) => join(folder, name)))
    .find((path) => isExecutable(path) && fits(path));
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** `20` of the program `node`. */
export function majorOf(node: string): number {
  return Number(/^v(\d+)/.exec(spawnSync(node, ['--version'], { encoding: 'utf8' }).stdout)?.[1]);
}

/** Why a test is left out where its program is missing; where CI=true it runs, and fails. */
export function unless(program: string | undefined, name: string): string | false {
  return program === undefined && process.env.CI !== 'true' && `${name} is not installed`;
}
