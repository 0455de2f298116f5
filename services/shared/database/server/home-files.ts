import { randomBytes, randomUUID } from 'node:crypto';
import {
  accessSync,
  chownSync,
  closeSync,
  constants,
  existsSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { hubError } from '@quantum-hub/kernel';
import { systemCode, textOf } from './errors.ts';

/** What the home remembers about its server, in `server.json`. */
export type ServerFile = {
  /** The port of the last start. */
  port?: number;
  /** Started to stay up (`qhub db server start`); otherwise the last command to use it stops it. */
  kept?: boolean;
  /** Where data and socket lie when they can't lie in the home (absolute path). */
  place?: string;
  /** PostgreSQL's own, of the last start. */
  version?: string;
  /** A data directory was completed once; if it is gone later, that is a loss and not a first start. */
  initialised?: boolean;
  /** A command stopped it and none has started it since: it is down because somebody wants it to be. */
  stopped?: boolean;
};

/** Where the server writes what happens to it; PostgreSQL gets it as an open file, so its user need not reach it. */
export function logFileOf(home: string): string {
  return join(home, 'server.log');
}

/** Makes the home folder and proves that it can be written. Throws `database.server_home_unwritable`. */
export function prepareHome(home: string): void {
  try {
    // As root the server's own user must be able to pass through; every file inside is 0600 or in a folder of 0700.
    makeFolder(home, process.getuid?.() === 0 ? 0o711 : 0o700);
    accessSync(home, constants.R_OK | constants.W_OK | constants.X_OK);
    const probe = join(home, `.write-probe-${randomUUID()}`);
    writeFileSync(probe, '');
    rmSync(probe);
  } catch (error) {
    if (systemCode(error) === 'ENOSPC') throw error;
    throw hubError(
      'database.server_home_unwritable',
      { path: home, reason: textOf(error) },
      { cause: error },
    );
  }
}

/** Not mkdir's `recursive`: below /proc, where nothing can be made, Node 24 tries for ever. */
function makeFolder(path: string, mode: number): void {
  if (existsSync(path)) return;
  if (dirname(path) !== path) makeFolder(dirname(path), mode);
  try {
    mkdirSync(path, { mode });
  } catch (error) {
    if (systemCode(error) !== 'EEXIST') throw error;
  }
}

export function readServerFile(home: string): ServerFile {
  try {
    return JSON.parse(readFileSync(serverFilePath(home), 'utf8')) as ServerFile;
  } catch (error) {
    if (systemCode(error) === 'ENOENT' || systemCode(error) === 'ENOTDIR') return {};
    throw hubError(
      'database.server_access_denied',
      {
        path: serverFilePath(home),
        reason: textOf(error),
        remedy: 'run as the user that owns it, or restore it',
      },
      { cause: error },
    );
  }
}

export function updateServerFile(home: string, change: ServerFile): void {
  writeHomeFile(
    home,
    serverFilePath(home),
    `${JSON.stringify({ ...readServerFile(home), ...change }, null, 2)}\n`,
  );
}

/** The secret kept in the home under `name`, or undefined when there is none. */
export function readSecret(home: string, name: string): string | undefined {
  try {
    return readFileSync(join(home, name), 'utf8').trim() || undefined;
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return undefined;
    throw hubError(
      'database.server_access_denied',
      { path: join(home, name), reason: textOf(error), remedy: 'run as the user that owns it' },
      { cause: error },
    );
  }
}

/** The secret kept in the home under `name` (mode 0600); the first call makes one of 256 random bits, in base64url. */
export function keepSecret(home: string, name: string): string {
  const known = readSecret(home, name);
  if (known) return known;
  const path = join(home, name);
  const secret = randomBytes(32).toString('base64url');
  const draft = writeDraft(home, path, `${secret}\n`);
  try {
    // A link, unlike a rename, fails where the file is there by now: of two processes at once, both get the first one's.
    linkSync(draft, path);
    return secret;
  } catch (error) {
    if (systemCode(error) !== 'EEXIST') throw error;
    return readSecret(home, name) ?? replaceEmpty(home, path, secret);
  } finally {
    rmSync(draft, { force: true });
  }
}

/** A file without a secret in it is no secret that anybody could be using. */
function replaceEmpty(home: string, path: string, secret: string): string {
  writeHomeFile(home, path, `${secret}\n`);
  return secret;
}

/** Replaces a file of the home as a whole (mode 0600, on disk when this returns), so that no reader ever sees a half of it. */
export function writeHomeFile(home: string, path: string, text: string): void {
  renameSync(writeDraft(home, path, text), path);
}

/** The text in a file of its own beside `path`, on disk, with the right mode and owner. */
function writeDraft(home: string, path: string, text: string): string {
  const draft = `${path}.${randomUUID()}.draft`;
  const file = openSync(draft, 'wx', 0o600);
  try {
    writeFileSync(file, text);
    fsyncSync(file);
  } catch (error) {
    rmSync(draft, { force: true });
    throw error;
  } finally {
    closeSync(file);
  }
  giveToOwner(home, draft);
  return draft;
}

/** Run by root in somebody's home, files go to that home's owner, who else could not use them later. */
export function giveToOwner(home: string, path: string): void {
  if (process.getuid?.() !== 0) return;
  const { uid, gid } = statSync(home);
  if (uid !== 0) chownSync(path, uid, gid);
}

function serverFilePath(home: string): string {
  return join(home, 'server.json');
}
