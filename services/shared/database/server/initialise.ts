import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import {
  chownSync,
  closeSync,
  existsSync,
  fsyncSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { hubError, isHubError } from '@quantum-hub/kernel';
import { type Account, childOptions } from './account.ts';
import type { Binaries } from './binaries.ts';
import { explainFailure } from './server-log.ts';
import { ADMIN_USER } from './settings.ts';

const DRAFT = '.initialising-';

/**
 * Whether a data directory is `absent` (or an empty folder) or `ready` for this major. Throws for one of another major
 * (`database.server_other_major`) and for one with anything else in it (`database.server_half_initialised`): never touched.
 */
export function inspectDataDir(dataDir: string, major: number): 'absent' | 'ready' {
  if (!statSync(dataDir, { throwIfNoEntry: false }) || readdirSync(dataDir).length === 0) return 'absent';
  const found = majorOf(dataDir);
  if (found === undefined || !existsSync(join(dataDir, 'global', 'pg_control'))) {
    throw hubError('database.server_half_initialised', {
      dataDir,
      reason: `${found === undefined ? 'PG_VERSION' : 'global/pg_control'} is missing`,
    });
  }
  if (found !== String(major)) {
    throw hubError('database.server_wrong_major', { dataDir, found, expected: major });
  }
  return 'ready';
}

/** The major that a data directory belongs to, as text; undefined when it does not say. */
export function majorOf(dataDir: string): string | undefined {
  try {
    return readFileSync(join(dataDir, 'PG_VERSION'), 'utf8').trim();
  } catch {
    return undefined;
  }
}

/**
 * Makes a data directory: UTF-8, C locale, checksums, scram-sha-256, the administrator's password.
 * It grows beside its place and is renamed when complete and on disk; so a folder of that name is complete, and a draft that
 * an interrupted run left never held data and may go.
 */
export async function initialiseDataDir(
  dataDir: string,
  {
    binaries,
    account,
    password,
    durable = true,
  }: { binaries: Binaries; account: Account; password: string; durable?: boolean },
): Promise<void> {
  const place = dirname(dataDir);
  clearDrafts(dataDir);
  const draft = `${dataDir}${DRAFT}${randomUUID()}`;
  const passwordFile = `${draft}-password`;
  try {
    writeFileSync(passwordFile, `${password}\n`, { mode: 0o600 });
    if (account) chownSync(passwordFile, account.uid, account.gid);
    await runInitdb(draft, { binaries, account, passwordFile, durable });
    renameSync(draft, dataDir);
    if (durable) syncFolder(place);
  } catch (error) {
    throw isHubError(error) ? error : explainFailure(String(error), { dataDir });
  } finally {
    rmSync(passwordFile, { force: true });
    rmSync(draft, { recursive: true, force: true });
  }
}

function runInitdb(
  draft: string,
  {
    binaries,
    account,
    passwordFile,
    durable,
  }: { binaries: Binaries; account: Account; passwordFile: string; durable: boolean },
): Promise<void> {
  const args = [
    `--pgdata=${draft}`,
    `--username=${ADMIN_USER}`,
    `--pwfile=${passwordFile}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    '--locale=C',
    '--data-checksums',
    '--no-instructions',
    ...(durable ? [] : ['--no-sync']),
  ];
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  // A group of its own: a Ctrl-C ends us and leaves a draft or a whole directory, never one that is cut while being renamed.
  const child = spawn(binaries.initdb, args, {
    ...childOptions(account),
    detached: true,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  child.on('error', reject);
  child.on('close', (code, signal) => {
    if (code === 0) resolve();
    else
      reject(
        explainFailure(said || `initdb ended with ${signal ?? `code ${code}`}`, {
          dataDir: draft.slice(0, draft.lastIndexOf(DRAFT)),
        }),
      );
  });
  return promise;
}

function clearDrafts(dataDir: string): void {
  const place = dirname(dataDir);
  const prefix = `${dataDir.slice(place.length + 1)}${DRAFT}`;
  for (const name of readdirSync(place)) {
    if (name.startsWith(prefix)) rmSync(join(place, name), { recursive: true, force: true });
  }
}

/** Makes what was renamed or made in a folder survive a loss of power. */
export function syncFolder(path: string): void {
  const folder = openSync(path, 'r');
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}
