import { join } from 'node:path';
import { type DrillOptions, type DrillRecord, runDrill } from './drill.ts';
import { makeBaseBackup } from './operations.ts';
import { startArchivedScratchServer } from './scratch-server.ts';
import type { EngineName } from './settings-file.ts';

/** The whole drill on a server made for it: proves the programs of this machine, not anybody's archive. */
export async function runScratchDrill(
  engine: EngineName | undefined,
  options: Omit<DrillOptions, 'folder'> = {},
): Promise<DrillRecord> {
  options.onProgress?.('Starting a server for the drill, and making a base backup of it.');
  await using scratch = await startArchivedScratchServer({ engine });
  await makeBaseBackup(scratch.pitr, scratch.admin);
  const folder = join(scratch.folder, 'recovered');
  return await runDrill(scratch.pitr, scratch.admin, { ...options, folder });
}
