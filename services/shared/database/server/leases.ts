import { randomUUID } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { writeHomeFile } from './home-files.ts';
import { isAlive, startToken } from './processes.ts';

/** One command that uses the server right now. */
export type Lease = { pid: number; token: string | undefined; purpose: string };

/** Notes that this process uses the server; answers the function that takes the note away. */
export function takeLease(home: string, purpose: string): () => void {
  const dir = leaseDir(home);
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  const path = join(dir, `${process.pid}-${randomUUID()}.json`);
  const lease: Lease = { pid: process.pid, token: startToken(process.pid), purpose };
  writeHomeFile(home, path, JSON.stringify(lease));
  return () => rmSync(path, { force: true });
}

/** The leases of living processes; those of dead ones are cleared away. */
export function liveLeases(home: string): Lease[] {
  const dir = leaseDir(home);
  const live: Lease[] = [];
  for (const name of listDir(dir)) {
    if (!name.endsWith('.json')) continue;
    const path = join(dir, name);
    const lease = readLease(path);
    // A pid alone is not enough: the next process may have got the number.
    if (lease && isAlive(lease.pid) && startToken(lease.pid) === lease.token) live.push(lease);
    else removeQuietly(path);
  }
  return live;
}

function leaseDir(home: string): string {
  return join(home, 'leases');
}

function listDir(dir: string): string[] {
  try {
    return readdirSync(dir);
  } catch {
    return [];
  }
}

function readLease(path: string): Lease | undefined {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Lease;
  } catch {
    return undefined;
  }
}

function removeQuietly(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch {
    // Somebody who may only look (`status` as another user) leaves the clearing to the next command.
  }
}
