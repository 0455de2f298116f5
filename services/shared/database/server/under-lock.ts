import { join, resolve } from 'node:path';
import { hubError } from '@quantum-hub/kernel';
import { systemCode, textOf } from './errors.ts';
import { giveToOwner, prepareHome } from './home-files.ts';
import { withLock } from './lock.ts';
import { DEFAULT_TIMEOUT_MS, type ServerOptions } from './options.ts';
import { explainFailure } from './server-log.ts';

/**
 * Runs `work` as the only one that starts or stops the server of a home. Throws `database.server_locked` when another one
 * does for longer than `timeoutMs`, and what the operating system refuses as the fault that it is.
 */
export async function locked<T>(
  { home: given, timeoutMs = DEFAULT_TIMEOUT_MS, onProgress }: ServerOptions,
  work: (home: string) => Promise<T>,
): Promise<T> {
  const home = resolve(given);
  try {
    prepareHome(home);
    const path = join(home, 'server.lock');
    const onWait = () =>
      onProgress?.('Waiting for another command that starts or stops the embedded server.');
    return await withLock(path, { timeoutMs, onWait }, async () => {
      giveToOwner(home, path);
      return await work(home);
    });
  } catch (error) {
    throw explainSystemFault(error, home);
  }
}

/** What the operating system refused us, as the fault it is; anything else as it came. */
function explainSystemFault(error: unknown, home: string): unknown {
  const code = systemCode(error);
  if (code === 'ENOSPC' || code === 'EDQUOT')
    return explainFailure('No space left on device', { dataDir: home });
  if (!['EACCES', 'EPERM', 'EROFS', 'ERR_SQLITE_ERROR'].includes(code ?? '')) return error;
  const path = (error as NodeJS.ErrnoException).path ?? home;
  const remedy = `run as the user that owns ${home}, or correct the owner and rights of what is in it`;
  return hubError('database.server_access_denied', { path, reason: textOf(error), remedy }, { cause: error });
}
