/** Files that the server's system user must be able to use. */
import { randomUUID } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  renameSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { hubError } from '@quantum-hub/kernel';
import { type Account, accountCan } from '../../server/index.ts';

/** Replaces a file as a whole; it is the account's, mode 0600. */
export function writeOwned(path: string, text: string, account: Account): void {
  const draft = `${path}.${randomUUID()}.draft`;
  writeFileSync(draft, text, { mode: 0o600, flush: true });
  if (account) chownSync(draft, account.uid, account.gid);
  renameSync(draft, path);
}

/** Makes what was renamed into a folder outlast a power cut. */
export function syncFolder(path: string): void {
  const folder = openSync(path, 'r');
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}

/**
 * Makes a folder of the account's (0700); the folders above it that are missing let it pass.
 * Throws `database.pitr_repository_unusable` where the account can't write.
 */
export function makeOwnedFolder(path: string, account: Account): void {
  try {
    makePassable(dirname(path), account);
    if (!existsSync(path)) {
      mkdirSync(path, { mode: 0o700 });
      if (account) chownSync(path, account.uid, account.gid);
    }
  } catch (error) {
    throw hubError('database.pitr_repository_unusable', { path }, { cause: error });
  }
  if (!accountCan(account, '-w', path)) throw hubError('database.pitr_repository_unusable', { path });
}

function makePassable(path: string, account: Account): void {
  if (!existsSync(path)) {
    if (dirname(path) !== path) makePassable(dirname(path), account);
    mkdirSync(path, { mode: account ? 0o711 : 0o700 });
    // mkdir's mode is cut by the umask.
    if (account) chmodSync(path, 0o711);
  } else if (!accountCan(account, '-x', path) && statSync(path).uid === process.getuid?.()) {
    chmodSync(path, (statSync(path).mode & 0o777) | 0o011);
  }
}
