import { spawn } from 'node:child_process';
import { symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';

export const bin = join(import.meta.dirname, 'qhub.js');

export type Variables = Record<string, string | undefined>;

export interface Run {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** The environment of a person who has set nothing. */
export function plainEnvironment(extra: Variables): Variables {
  const kept = Object.entries(process.env).filter(
    ([name]) => !/^(POSTGRES_|DATABASE_URL|QHUB_|PG[A-Z]|INIT_CWD|npm_|NODE_TEST)/.test(name),
  );
  // Nobody is signed in to a hub, whoever runs the tests, and a hub of a test takes a port that is free.
  const nobody = { XDG_CONFIG_HOME: join(tmpdir(), 'qhub-nobody'), QHUB_HTTP_PORT: '0' };
  return { ...Object.fromEntries(kept), ...nobody, ...extra };
}

/** Runs the real `qhub` as a process of its own. */
export async function qhub(
  args: readonly string[],
  { env = {}, input = '', cwd = tmpdir(), node = process.execPath, program = bin, uid }: RunOptions = {},
): Promise<Run> {
  const child = spawn(node, [program, ...args], { env: plainEnvironment(env), cwd, uid });
  child.stdin.on('error', () => {});
  child.stdin.end(input);
  const ended = new Promise<number | null>((done, fail) => child.on('error', fail).on('close', done));
  const [stdout, stderr, code] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
  return { code, stdout, stderr };
}

export interface RunOptions {
  readonly env?: Variables;
  readonly input?: string;
  readonly cwd?: string;
  readonly node?: string;
  readonly program?: string;
  /** Run as this user, when we are root. */
  readonly uid?: number;
}

/** A PATH that holds these programs only, found on the real one. */
export function pathWith(folder: string, programs: Record<string, string>): string {
  for (const [name, target] of Object.entries(programs)) symlinkSync(resolve(target), join(folder, name));
  return folder;
}
