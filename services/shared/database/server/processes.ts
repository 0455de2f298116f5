import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, readlinkSync, realpathSync } from 'node:fs';
import { basename, join } from 'node:path';

/** What PostgreSQL writes into `postmaster.pid` (one fact a line). */
export type PostmasterFile = {
  pid: number;
  startedAt: Date;
  port: number;
  /** `starting`, `ready`, `stopping` or `standby`. */
  state: string;
};

/** The running postmaster of a data directory, or undefined: a stale file or a reused pid is no postmaster. */
export function findPostmaster(dataDir: string): PostmasterFile | undefined {
  const file = readPostmasterFile(dataDir);
  return file && isPostmasterOf(file.pid, dataDir) ? file : undefined;
}

/** Reads `postmaster.pid` without judging whether that process still lives. */
export function readPostmasterFile(dataDir: string): PostmasterFile | undefined {
  let lines: string[];
  try {
    lines = readFileSync(join(dataDir, 'postmaster.pid'), 'utf8').split('\n');
  } catch {
    return undefined;
  }
  const pid = Number(lines[0]);
  if (!Number.isInteger(pid) || pid <= 1) return undefined;
  return {
    pid,
    startedAt: new Date(Number(lines[2] ?? 0) * 1000),
    port: Number(lines[3] ?? 0),
    state: lines[7]?.trim() || 'starting',
  };
}

/** Whether a process has this id, if only as a zombie. */
export function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Whether a process with this id runs (a zombie does not: containers without an init keep those for ever). */
export function isAlive(pid: number): boolean {
  return exists(pid) && (process.platform !== 'linux' || statField(pid, 0) !== 'Z');
}

/** Text that stays the same while a process lives and differs for the next one that gets its pid. */
export function startToken(pid: number): string | undefined {
  if (process.platform === 'linux') return statField(pid, 19);
  try {
    return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], {
      encoding: 'utf8',
      env: { LC_ALL: 'C' },
    }).trim();
  } catch {
    return undefined;
  }
}

/** Server processes that still work in a data directory, its postmaster included. Linux only; elsewhere none are seen. */
export function serverProcessesIn(dataDir: string): number[] {
  if (process.platform !== 'linux') return [];
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => worksIn(pid, dataDir));
}

function isPostmasterOf(pid: number, dataDir: string): boolean {
  if (!isAlive(pid)) return false;
  if (process.platform === 'linux') return worksIn(pid, dataDir);
  try {
    const command = execFileSync('ps', ['-o', 'command=', '-p', String(pid)], {
      encoding: 'utf8',
      env: { LC_ALL: 'C' },
    });
    return /postgres/.test(command) && command.includes(dataDir);
  } catch {
    return false;
  }
}

// A postmaster and its children run the program `postgres` and stand in their data directory.
function worksIn(pid: number, dataDir: string): boolean {
  try {
    const program = basename(readlinkSync(`/proc/${pid}/exe`).replace(/ \(deleted\)$/, ''));
    return program === 'postgres' && readlinkSync(`/proc/${pid}/cwd`) === realpathSync(dataDir);
  } catch {
    return false;
  }
}

// Fields of /proc/<pid>/stat counted from the state; the program's name before it may hold spaces and brackets.
function statField(pid: number, index: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[index];
  } catch {
    return undefined;
  }
}
