import { DatabaseSync } from 'node:sqlite';
import { hubError } from '@quantum-hub/kernel';
import { systemCode } from './errors.ts';
import { poll } from './wait.ts';

const SQLITE_BUSY = 5;

/**
 * Runs `work` while this process, and in it this call, alone holds the lock file at `path`.
 *
 * The lock is SQLite's exclusive file lock, because the kernel drops it when its holder dies: a pid file can be stale,
 * and two processes that both clear a stale one both hold it. Nothing is ever written into the file.
 */
export async function withLock<T>(
  path: string,
  { timeoutMs, onWait }: { timeoutMs: number; onWait?: () => void },
  work: () => Promise<T>,
): Promise<T> {
  let told = false;
  const release = await poll(
    () => {
      const held = tryLock(path);
      if (!held && !told) {
        told = true;
        onWait?.();
      }
      return held;
    },
    { timeoutMs },
  );
  if (!release) {
    throw hubError('database.server_locked', { waitedMs: timeoutMs, lockFile: path });
  }
  try {
    return await work();
  } finally {
    release();
  }
}

function tryLock(path: string): (() => void) | undefined {
  const database = new DatabaseSync(path, { timeout: 0 });
  try {
    // In memory: a journal on disk could not be made on a full one, and stopping a server must work there too.
    database.exec('pragma journal_mode = memory; begin exclusive');
    return () => database.close();
  } catch (error) {
    database.close();
    if (systemCode(error) === 'ERR_SQLITE_ERROR' && (error as { errcode?: number }).errcode === SQLITE_BUSY)
      return undefined;
    throw error;
  }
}
