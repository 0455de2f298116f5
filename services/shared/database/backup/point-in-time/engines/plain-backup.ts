/** One base backup by `pg_basebackup`: a folder with tar files, PostgreSQL's manifest and our record. */
import { createHash } from 'node:crypto';
import { createReadStream, existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { hubError } from '@quantum-hub/kernel';
import { z } from 'zod';
import type { BaseBackup } from '../engine.ts';
import { segmentName, segmentOfLsn } from '../wal-names.ts';

export const recordFile = 'backup.json';

const recordSchema = z.object({
  startedAt: z.iso.datetime(),
  stoppedAt: z.iso.datetime(),
  startWal: z.string(),
  stopWal: z.string(),
  systemId: z.string(),
  /** Name -> SHA-256 of each file beside the record. */
  files: z.record(z.string(), z.string()),
});

export type PlainRecord = z.output<typeof recordSchema>;

/** The record of a backup, or undefined where there is none that can be read. */
export function readRecord(folder: string): PlainRecord | undefined {
  try {
    return recordSchema.parse(JSON.parse(readFileSync(join(folder, recordFile), 'utf8')));
  } catch {
    return undefined;
  }
}

/** What the folder's own files say of the log that they need. */
export async function describeFolder(
  folder: string,
): Promise<Pick<PlainRecord, 'startWal' | 'stopWal' | 'files'>> {
  const manifest = JSON.parse(readFileSync(join(folder, 'backup_manifest'), 'utf8')) as {
    'WAL-Ranges': { Timeline: number; 'Start-LSN': string; 'End-LSN': string }[];
  };
  const [range] = manifest['WAL-Ranges'];
  if (!range) throw new Error(`${folder}/backup_manifest names no range of the log`);
  const files: Record<string, string> = {};
  for (const name of readdirSync(folder).sort()) files[name] = await digestOf(join(folder, name));
  return {
    startWal: segmentName(range.Timeline, segmentOfLsn(range['Start-LSN'])),
    stopWal: segmentName(range.Timeline, segmentOfLsn(range['End-LSN'])),
    files,
  };
}

export function asBaseBackup(label: string, folder: string, record: PlainRecord): BaseBackup {
  const bytes = Object.keys(record.files).reduce(
    (sum, name) => sum + (statSync(join(folder, name), { throwIfNoEntry: false })?.size ?? 0),
    0,
  );
  const { startWal, stopWal } = record;
  const [startedAt, stoppedAt] = [new Date(record.startedAt), new Date(record.stoppedAt)];
  return { label, kind: 'full', startedAt, stoppedAt, startWal, stopWal, bytes };
}

/** Compares every file with the record. Throws `database.pitr_backup_damaged`, which names the file. */
export async function checkFolder(label: string, folder: string): Promise<void> {
  const record = readRecord(folder);
  const damaged = (reason: string) => hubError('database.pitr_backup_damaged', { backup: label, reason });
  if (!record) throw damaged(`${recordFile} can't be read`);
  for (const [name, digest] of Object.entries(record.files)) {
    if (!existsSync(join(folder, name))) throw damaged(`${name} is missing`);
    if ((await digestOf(join(folder, name))) !== digest) throw damaged(`${name} is not what was written`);
  }
}

async function digestOf(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}
