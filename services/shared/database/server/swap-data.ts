import { existsSync, renameSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { hubError } from '@quantum-hub/kernel';
import { stopServer } from './embedded-server.ts';
import { updateServerFile } from './home-files.ts';
import { syncFolder } from './initialise.ts';
import { liveLeases } from './leases.ts';
import { withLock } from './lock.ts';
import { knownPlace } from './place.ts';
import { findPostmaster } from './processes.ts';

const LOCK_MS = 300_000;

/**
 * Puts a whole data directory in place of the live one, which stays beside it under another name; the server is stopped for
 * it and not started again. `incoming` must lie on the same file system. A user of the server is in the way unless `force`.
 */
export async function swapData(
  home: string,
  incoming: string,
  { force, stamp }: { force?: boolean; stamp: string },
): Promise<{ dataDir: string; kept: string | undefined }> {
  const { dataDir } = knownPlace(resolve(home));
  const kept = `${dataDir}-before-${stamp}`;
  const users = findPostmaster(dataDir) ? liveLeases(home) : [];
  if (users.length > 0 && !force) {
    const names = users.map(({ purpose, pid }) => `${purpose} (process ${pid})`).join(', ');
    throw hubError('database.pitr_server_in_use', { users: names });
  }
  await stopServer({ home });
  await withLock(join(home, 'server.lock'), { timeoutMs: LOCK_MS }, async () => {
    if (findPostmaster(dataDir)) throw hubError('database.pitr_server_in_use', { users: 'another command' });
    const there = existsSync(dataDir);
    if (there) renameSync(dataDir, kept);
    try {
      renameSync(incoming, dataDir);
    } catch (error) {
      if (there) renameSync(kept, dataDir);
      throw error;
    }
    syncFolder(dirname(dataDir));
    updateServerFile(home, { initialised: true });
  });
  return { dataDir, kept: existsSync(kept) ? kept : undefined };
}
