import { createHash } from 'node:crypto';
import { chmodSync, chownSync, mkdirSync, realpathSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { hubError } from '@quantum-hub/kernel';
import { type Account, accountCan, serverAccount } from './account.ts';
import { systemCode, textOf } from './errors.ts';
import { readServerFile, updateServerFile } from './home-files.ts';

/** Where things go that the server's user must reach and can't reach in the checkout. */
export const SYSTEM_PLACE = '/var/lib/quantum-hub';

/** Where the server of a home lives. */
export type Place = { dir: string; dataDir: string; account: Account };

/** The place of a home as it stands, without making anything; for those who only look. */
export function knownPlace(home: string): { dir: string; dataDir: string } {
  const dir = readServerFile(home).place ?? join(home, 'postgres');
  return { dir, dataDir: join(dir, 'data') };
}

/**
 * Decides where the data lie and as whom the server runs, and makes that folder (0700, the account's).
 * It is `<home>/postgres`, unless we are root and the account can't pass through the path to it (a checkout in /root):
 * then `<systemPlace>/<hash of home>`, remembered in the home.
 */
export function preparePlace(
  home: string,
  {
    systemPlace = SYSTEM_PLACE,
    accountName,
    onProgress,
  }: { systemPlace?: string; accountName?: string; onProgress?: (line: string) => void },
): Place {
  const known = knownPlace(home);
  const account = serverAccount({ dataDir: known.dataDir, name: accountName });
  const reachable = accountCan(account, '-x', home);
  if (!reachable && statSync(join(home, 'postgres', 'data'), { throwIfNoEntry: false })) {
    throw hubError('database.server_access_denied', {
      path: join(home, 'postgres', 'data'),
      reason: `its system user can no longer enter ${home}`,
      remedy:
        'allow it to pass through that path (chmod o+x on each folder of it), or move the checkout back',
    });
  }
  const dir = reachable ? known.dir : elsewhere(home, systemPlace, onProgress);
  makeFolder(dir, account);
  return { dir, dataDir: join(dir, 'data'), account };
}

/** Makes a folder that only the account may enter. */
export function makeFolder(dir: string, account: Account): void {
  try {
    mkdirSync(dir, { recursive: true, mode: 0o700 });
    if (account && statSync(dir).uid === 0) chownSync(dir, account.uid, account.gid);
  } catch (error) {
    if (systemCode(error) === 'ENOSPC') throw error;
    throw hubError('database.server_home_unwritable', { path: dir, reason: textOf(error) }, { cause: error });
  }
}

/** Makes the folder that the account must be able to pass through on its way to the data or the binaries. */
export function makePassage(systemPlace: string): void {
  if (statSync(systemPlace, { throwIfNoEntry: false })) return;
  mkdirSync(systemPlace, { recursive: true });
  chmodSync(systemPlace, 0o711);
}

function elsewhere(home: string, systemPlace: string, onProgress?: (line: string) => void): string {
  const remembered = readServerFile(home).place;
  if (remembered) return remembered;
  makePassage(systemPlace);
  const dir = join(systemPlace, createHash('sha256').update(realpathSync(home)).digest('hex').slice(0, 16));
  updateServerFile(home, { place: dir });
  onProgress?.(
    `The system user of PostgreSQL can't enter ${home}: the data of this checkout are kept in ${dir}.`,
  );
  return dir;
}
