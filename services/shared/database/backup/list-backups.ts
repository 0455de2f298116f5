import { isHubError } from '@quantum-hub/kernel';
import type { Manifest } from './manifest/manifest.ts';
import { openBackup } from './manifest/open-backup.ts';
import type { BackupStore } from './store/store.ts';

export type ListedBackup =
  | {
      readonly name: string;
      /** Every file is there in its full length; `verify` says whether it is good. */
      readonly state: 'whole';
      readonly manifest: Manifest;
      readonly bytes: number;
      readonly tables: number;
      readonly rows: number;
    }
  | { readonly name: string; readonly state: 'damaged'; readonly reason: string };

/** All backups of a store, in the order of their names. Reads the manifests, and of the files their lengths only. */
export async function listBackups(store: BackupStore): Promise<ListedBackup[]> {
  const listed: ListedBackup[] = [];
  for (const name of await store.names()) listed.push(await look(store, name));
  return listed;
}

async function look(store: BackupStore, name: string): Promise<ListedBackup> {
  try {
    const { manifest, stored } = await openBackup(store, name, {});
    const lengths = new Map((await stored.files()).map(({ path, bytes }) => [path, bytes]));
    const cut = manifest.files.find(({ path, bytes }) => lengths.get(path) !== bytes);
    if (cut) return { name, state: 'damaged', reason: `${cut.path} is missing or cut` };
    const tables = Object.values(manifest.contents.tables);
    return {
      name,
      state: 'whole',
      manifest,
      bytes: manifest.files.reduce((sum, { bytes }) => sum + bytes, 0),
      tables: tables.length,
      rows: tables.reduce((sum, { rows }) => sum + rows, 0),
    };
  } catch (error) {
    const bad = ['database.backup_damaged', 'database.backup_foreign', 'database.backup_not_found'] as const;
    if (isHubError(error) && (bad as readonly string[]).includes(error.code)) {
      return { name, state: 'damaged', reason: error.message };
    }
    throw error;
  }
}

/** The newest backup, by the time in its manifest. */
export async function newestBackup(store: BackupStore): Promise<string | undefined> {
  const whole = (await listBackups(store)).filter((backup) => backup.state === 'whole');
  return whole.toSorted((one, other) => (one.manifest.takenAt < other.manifest.takenAt ? 1 : -1))[0]?.name;
}
