import { spawn } from 'node:child_process';
import { closeSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type HubError, hubError } from '@quantum-hub/kernel';
import { type Account, childOptions } from './account.ts';
import type { Binaries } from './binaries.ts';
import { systemCode } from './errors.ts';
import {
  exists,
  findPostmaster,
  isAlive,
  type PostmasterFile,
  readPostmasterFile,
  serverProcessesIn,
} from './processes.ts';
import { explainFailure, openLog, readLog } from './server-log.ts';
import { type Settings, settingArguments } from './settings.ts';
import { poll } from './wait.ts';

const ORPHAN_END_MS = 10_000;

/** What a start needs to know. */
export type Launch = {
  binaries: Pick<Binaries, 'postgres'>;
  account: Account;
  dataDir: string;
  logFile: string;
  port: number;
  settings: Settings;
  timeoutMs: number;
};

/**
 * Starts a postmaster in a session of its own, so that no Ctrl-C and no closing terminal reaches it, and waits until it
 * takes connections. Throws what its log tells.
 */
export async function launch({
  binaries,
  account,
  dataDir,
  logFile,
  port,
  settings,
  timeoutMs,
}: Launch): Promise<PostmasterFile> {
  await clearCrash(dataDir);
  const { file, offset } = openLog(logFile);
  const args = ['-D', dataDir, '-p', String(port), ...settingArguments(settings)];
  const child = spawn(binaries.postgres, args, {
    ...childOptions(account),
    detached: true,
    stdio: ['ignore', file, file],
  });
  closeSync(file);
  let ended: string | undefined;
  child.once('error', (error) => {
    ended = error.message;
  });
  child.once('exit', (code, signal) => {
    ended = `it ended with ${signal ?? `code ${code}`}`;
  });
  child.unref();
  const outcome = await poll(
    () => {
      if (ended !== undefined) return { failed: ended };
      const postmaster = findPostmaster(dataDir);
      return postmaster?.pid === child.pid && postmaster?.state === 'ready' ? { postmaster } : undefined;
    },
    { timeoutMs, everyMs: 10 },
  );
  if (outcome?.postmaster) return outcome.postmaster;
  if (outcome) throw explainFailure(readLog(logFile, offset) || outcome.failed, { dataDir, port, logFile });
  throw startTimeout(dataDir, timeoutMs, logFile);
}

/** Waits until a postmaster that somebody else started takes connections; undefined when it ends instead. */
export async function awaitReady(
  dataDir: string,
  { timeoutMs, logFile }: { timeoutMs: number; logFile: string },
): Promise<PostmasterFile | undefined> {
  const answer = await poll(
    () => {
      const postmaster = findPostmaster(dataDir);
      if (!postmaster) return { postmaster };
      return postmaster.state === 'ready' ? { postmaster } : undefined;
    },
    { timeoutMs },
  );
  if (!answer) throw startTimeout(dataDir, timeoutMs, logFile);
  return answer.postmaster;
}

/** Stops a postmaster (`fast`: SIGINT, what is open is rolled back; `immediate`: SIGQUIT, as a crash) and waits for its end. */
export async function shutDown(
  pid: number,
  { mode = 'fast', timeoutMs }: { mode?: 'fast' | 'immediate'; timeoutMs: number },
): Promise<void> {
  try {
    process.kill(pid, mode === 'fast' ? 'SIGINT' : 'SIGQUIT');
  } catch (error) {
    if (systemCode(error) === 'ESRCH') return;
    throw hubError(
      'database.server_access_denied',
      { path: `the process ${pid}`, remedy: 'run as the user that started it' },
      { cause: error },
    );
  }
  const gone = await poll(() => (isAlive(pid) ? undefined : true), { timeoutMs, everyMs: 10 });
  if (gone) return;
  throw hubError('database.server_stop_failed', { pid, waitedMs: timeoutMs });
}

// After a kill -9 of the postmaster two things can bar the way. A backend busy in a long query lives on: it is ended, as its
// work can't be trusted any more. And if the dead one's pid has gone to another process of the same user, or nobody has reaped
// it yet (a container without an init never does), PostgreSQL takes that for the postmaster: the file then gets our pid, which
// PostgreSQL knows for its parent and ignores. The rest of the file stays, because it carries PostgreSQL's own proof against
// orphans, the shared memory block.
async function clearCrash(dataDir: string): Promise<void> {
  const path = join(dataDir, 'postmaster.pid');
  if (!existsSync(path)) return;
  for (const pid of serverProcessesIn(dataDir))
    await shutDown(pid, { mode: 'immediate', timeoutMs: ORPHAN_END_MS });
  const stale = readPostmasterFile(dataDir);
  // A power cut can leave an empty file, which PostgreSQL refuses for ever.
  if (!stale) rmSync(path);
  else if (exists(stale.pid))
    writeFileSync(path, readFileSync(path, 'utf8').replace(/^\d+/, String(process.pid)));
}

function startTimeout(dataDir: string, timeoutMs: number, logFile: string): HubError {
  return hubError('database.server_start_timeout', { dataDir, waitedMs: timeoutMs, logFile });
}
