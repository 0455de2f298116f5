/** Recovery for keeps: a new data directory, tried and whole, that can take the live one's place. */
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { hubError } from '@quantum-hub/kernel';
import { z } from 'zod';
import type { AdminConnection } from '../../connection/admin-connection.ts';
import { swapData } from '../../server/index.ts';
import { openEngine } from './open-engine.ts';
import { writeOwned } from './owned-files.ts';
import { recover } from './recover.ts';
import type { Pitr } from './settings-file.ts';
import { type Target, targetText } from './target.ts';

const recordFile = 'recovered.json';
const recordSchema = z.object({ systemId: z.string(), target: z.string(), backup: z.string() });

export interface RestoreOptions {
  readonly target: Target;
  /** The label of a base backup; without one the newest that fits. */
  readonly backup?: string;
  /** A folder that does not exist; without one, beside the live data. */
  readonly to?: string;
  readonly onProgress?: (line: string) => void;
}

export interface RecoveredData {
  readonly folder: string;
  readonly dataDir: string;
  readonly backup: string;
  readonly target: string;
  readonly lastTransactionAt: Date | undefined;
  readonly timeline: number;
  readonly databases: readonly { readonly name: string; readonly bytes: number }[];
  readonly seconds: number;
}

/** The recovered server was up, took part in nothing, and is stopped again. The live one, if there is one, was not touched. */
export async function restoreToFolder(pitr: Pitr, options: RestoreOptions): Promise<RecoveredData> {
  const started = performance.now();
  const { target, backup, onProgress } = options;
  const folder = options.to ?? join(dirname(pitr.dataDir), `restored-${stamp()}`);
  const engine = await openEngine(pitr);
  const recovered = await recover(pitr, engine, {
    ...{ target, backup, folder, onProgress },
    keep: true,
    inspect: sizesOf,
  });
  const dataDir = join(folder, 'data');
  archiveHistory(pitr, dataDir);
  const record = { systemId: pitr.systemId, target: targetText(target), backup: recovered.backup.label };
  writeOwned(join(folder, recordFile), `${JSON.stringify(record)}\n`, pitr.account);
  return {
    ...{ folder, dataDir, backup: record.backup, target: record.target },
    lastTransactionAt: recovered.lastTransactionAt,
    timeline: recovered.timeline,
    databases: recovered.seen,
    seconds: (performance.now() - started) / 1000,
  };
}

/** Puts a folder of `restoreToFolder` in place of the embedded server's data, which stay beside it. */
export async function swapRestored(
  pitr: Pitr,
  folder: string,
  { home, force }: { home: string; force?: boolean },
): Promise<{ dataDir: string; kept: string | undefined }> {
  if (readSystemId(folder) !== pitr.systemId || !existsSync(join(folder, 'data', 'PG_VERSION'))) {
    throw hubError('database.pitr_not_restored', { folder });
  }
  const swapped = await swapData(home, join(folder, 'data'), { force, stamp: stamp() });
  rmSync(folder, { recursive: true, force: true });
  return swapped;
}

function readSystemId(folder: string): string | undefined {
  try {
    return recordSchema.parse(JSON.parse(readFileSync(join(folder, recordFile), 'utf8'))).systemId;
  } catch {
    return undefined;
  }
}

async function sizesOf(server: AdminConnection): Promise<{ name: string; bytes: number }[]> {
  const { rows } = await server.query<{ name: string; bytes: string }>(
    'select datname as name, pg_database_size(oid) as bytes from pg_database where datallowconn order by 1',
  );
  return rows.map(({ name, bytes }) => ({ name, bytes: Number(bytes) }));
}

/**
 * The recovered server opened a new timeline without archiving. Its history has to reach the archive once it is live: else the
 * next recovery would give the same number to another timeline, and its log would be refused there.
 */
function archiveHistory({ account }: Pitr, dataDir: string): void {
  const wal = join(dataDir, 'pg_wal');
  for (const name of readdirSync(wal).filter((file) => file.endsWith('.history'))) {
    const status = join(wal, 'archive_status', name);
    if (!existsSync(`${status}.done`)) writeOwned(`${status}.ready`, '', account);
  }
}

function stamp(): string {
  return new Date().toISOString().slice(0, 19).replace(/[-:]/g, '');
}
