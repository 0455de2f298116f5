/** Runs that are noted on the disk and not yet in the table: a file each, so that a failed backup of a dead server is on record. */
import { mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type BackupRun, runShape } from './run.ts';

/** Durable when it returns. */
export async function keepWaiting(folder: string, run: BackupRun): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const path = join(folder, `${run.id}.json`);
  const draft = `${path}.${process.pid}.draft`;
  {
    await using file = await open(draft, 'wx', 0o600);
    await file.writeFile(`${JSON.stringify(run)}\n`);
    await file.sync();
  }
  await rename(draft, path);
}

/** Those that wait; files that are no run of ours are left alone. */
export async function readWaiting(folder: string): Promise<BackupRun[]> {
  const entries = await readdir(folder).catch(() => []);
  const runs: BackupRun[] = [];
  for (const entry of entries.filter((name) => name.endsWith('.json'))) {
    // Another process may have delivered it meanwhile.
    const text = await readFile(join(folder, entry), 'utf8').catch(() => 'null');
    const { data } = runShape.safeParse(parsed(text));
    if (data) runs.push(data);
  }
  return runs;
}

export async function forgetWaiting(folder: string, runs: readonly BackupRun[]): Promise<void> {
  for (const { id } of runs) await rm(join(folder, `${id}.json`), { force: true });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
