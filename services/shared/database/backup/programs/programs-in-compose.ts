import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import type { ConnectionSettings } from '../../connection/client.ts';
import type { Program, ProgramName } from './program.ts';
import { askVersion } from './program-version.ts';

const repository = resolve(import.meta.dirname, '../../../../..');
const loopback = ['localhost', '127.0.0.1', '::1'];
const limitMs = 20_000;

/** The server's address as its own container sees it. */
export const insideTheContainer = { host: '127.0.0.1', port: 5432 };

/** A program in the container of the Compose file's `postgres`, if that is the server which `settings` lead to. */
export async function composeProgram(
  name: ProgramName,
  settings: ConnectionSettings,
): Promise<Program | undefined> {
  if (!loopback.includes(settings.host) || !(await publishes(settings.port))) return undefined;
  const command = [...compose, 'exec', '-T', 'postgres', name];
  const version = await askVersion(command);
  if (version === undefined) return undefined;
  return { name, command, version, major: Number.parseInt(version, 10), where: 'compose' };
}

const compose = ['docker', 'compose', '--project-directory', repository];

/** Whether the running container answers at that port of this machine. */
async function publishes(port: number): Promise<boolean> {
  const [docker = '', ...args] = compose;
  try {
    const { stdout } = await promisify(execFile)(docker, [...args, 'port', 'postgres', '5432'], {
      timeout: limitMs,
    });
    return stdout.trim().endsWith(`:${port}`);
  } catch {
    return false;
  }
}
