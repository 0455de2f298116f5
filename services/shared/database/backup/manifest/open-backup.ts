/** A stored backup with its manifest read and, once it is needed, its key opened. */

import type { Readable } from 'node:stream';
import { buffer, text } from 'node:stream/consumers';
import { hubError } from '@quantum-hub/kernel';
import type { Keys } from '../settings.ts';
import type { BackupStore, StoredBackup } from '../store/store.ts';
import { makeUnsealer } from './cipher.ts';
import { type Manifest, manifestFile, readManifest } from './manifest.ts';

export interface OpenBackup {
  readonly name: string;
  readonly stored: StoredBackup;
  readonly manifest: Manifest;
  /** The plain content of a file. Throws `database.backup_locked` where the key is missing. */
  read(path: string): Promise<Readable>;
}

/** Throws `database.backup_damaged` or `database.backup_foreign` where the manifest is not as it was written. */
export async function openBackup(store: BackupStore, name: string, keys: Keys): Promise<OpenBackup> {
  const stored = await store.open(name);
  const read = readManifest(await text(await stored.read(manifestFile)));
  if (read.kind === 'damaged') {
    throw hubError('database.backup_damaged', { name, faults: `${manifestFile}: ${read.reason}` });
  }
  if (read.kind === 'foreign') {
    throw hubError('database.backup_foreign', { path: `${name}/${manifestFile}`, reason: read.reason });
  }
  const { manifest } = read;
  const { encryption } = manifest;
  if (!encryption) return { name, stored, manifest, read: (path) => stored.read(path) };
  let unsealer: ReturnType<typeof makeUnsealer> | undefined;
  return {
    name,
    stored,
    manifest,
    read: async (path) => {
      unsealer ??= makeUnsealer(name, encryption, keys, async () =>
        buffer(await stored.read(encryption.key)),
      );
      return await (await unsealer)(await stored.read(path));
    },
  };
}
