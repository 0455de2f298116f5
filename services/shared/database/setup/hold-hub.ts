import { join } from 'node:path';
import { hubError, isHubError } from '@quantum-hub/kernel';
import { giveToOwner, prepareHome } from '../server/home-files.ts';
import { serverStatus } from '../server/index.ts';
import { withLock } from '../server/lock.ts';

/** What the hub's use of the embedded server is called in its list of users. */
export const hubPurpose = 'npm start';

/**
 * Runs `work` as the one hub of a home folder. Throws `kernel.hub_running` with where the other one is. The kernel of
 * the system drops the lock when its holder dies.
 */
export async function holdHub<Result>(home: string, work: () => Promise<Result>): Promise<Result> {
  prepareHome(home);
  const path = join(home, 'hub.lock');
  let held = false;
  try {
    return await withLock(path, { timeoutMs: 0 }, async () => {
      held = true;
      giveToOwner(home, path);
      return await work();
    });
  } catch (error) {
    if (held || !isHubError(error, 'database.server_locked')) throw error;
    const { host, port, state, users } = serverStatus({ home });
    const pid = users.find(({ purpose }) => purpose === hubPurpose)?.pid;
    const address = state === 'running' ? `${host}:${port}` : undefined;
    throw hubError('kernel.hub_running', { home, pid, address });
  }
}
