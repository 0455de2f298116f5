import { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { hubError } from '@quantum-hub/kernel';
import { type BackupFile, manifestFile } from '../manifest/manifest.ts';
import type { OpenBackup } from '../manifest/open-backup.ts';
import { Metered } from '../store/metered.ts';

type OnChecked = (bytes: number, ofBytes: number) => void;

export interface CheckOptions {
  readonly onChecked?: OnChecked;
  readonly signal?: AbortSignal;
}

/** More of them say no more. */
const mostFaults = 10;

/**
 * Reads every file and compares it with the manifest. Throws `database.backup_damaged`, which names each file that is
 * missing, cut, changed, or not the backup's own.
 */
export async function checkFiles(
  backup: OpenBackup,
  { onChecked = () => {}, signal }: CheckOptions = {},
): Promise<void> {
  const { manifest, stored, name } = backup;
  const lying = new Map((await stored.files()).map(({ path, bytes }) => [path, bytes]));
  const own = new Set([manifestFile, ...manifest.files.map(({ path }) => path)]);
  const faults = [...lying.keys()]
    .filter((path) => !own.has(path))
    .map((path) => `${path} is no file of this backup`);
  const ofBytes = manifest.files.reduce((sum, { bytes }) => sum + bytes, 0);
  let checked = 0;
  for (const file of manifest.files) {
    const told = { onBytes: (bytes: number) => onChecked(checked + bytes, ofBytes), signal };
    const fault = await faultOf(backup, file, lying.get(file.path), told);
    if (fault) faults.push(fault);
    checked += file.bytes;
  }
  if (faults.length === 0) return;
  const more = faults.length > mostFaults ? [`and ${faults.length - mostFaults} more`] : [];
  throw hubError('database.backup_damaged', {
    name,
    faults: [...faults.slice(0, mostFaults), ...more].join('; '),
  });
}

async function faultOf(
  { stored }: OpenBackup,
  { path, bytes, sha256 }: BackupFile,
  found: number | undefined,
  { onBytes, signal }: { onBytes: (bytes: number) => void; signal?: AbortSignal },
): Promise<string | undefined> {
  if (found === undefined) return `${path} is missing`;
  if (found !== bytes) return `${path} has ${found} bytes and not ${bytes}`;
  const metered = new Metered(onBytes);
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  await pipeline(await stored.read(path), metered, nowhere, { signal });
  return metered.sha256() === sha256 ? undefined : `${path} was changed`;
}
