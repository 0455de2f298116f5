import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { ConnectionSettings } from '@quantum-hub/database/admin';
import { exitCodes } from '../faults.ts';
import type { PromptScope } from './prompt-scope.ts';
import { psqlEnvironment } from './psql-environment.ts';

/** The path of a program on PATH, or undefined. */
export function findProgram(name: string): string | undefined {
  const candidates = (process.env.PATH ?? '').split(delimiter).filter(Boolean);
  return candidates.map((folder) => join(folder, name)).find(isExecutable);
}

/** Runs psql in place of us and gives its exit code: 0, or 1 for whatever went wrong. */
export async function runPsql(
  program: string,
  settings: ConnectionSettings,
  scope: PromptScope,
  args: readonly string[],
): Promise<number> {
  using environment = psqlEnvironment(settings, scope, process.env);
  // Without a person to decide, going on after an error does harm. What comes later in `args` wins.
  const manners = process.stdin.isTTY ? [] : ['--set=ON_ERROR_STOP=1'];
  const child = spawn(program, [...manners, ...args], {
    stdio: 'inherit',
    env: environment.variables,
    cwd: process.env.INIT_CWD ?? process.cwd(),
  });
  const pass = (signal: NodeJS.Signals) => child.kill(signal);
  process.on('SIGTERM', pass).on('SIGHUP', pass);
  try {
    const [code, signal] = (await once(child, 'exit')) as [number | null, NodeJS.Signals | null];
    if (signal) return exitCodes.interrupted;
    return code === 0 ? 0 : exitCodes.failed;
  } finally {
    process.off('SIGTERM', pass).off('SIGHUP', pass);
  }
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
