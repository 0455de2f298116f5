import type { BackupPlace } from '../settings.ts';
import { localStore } from './local-store.ts';
import type { BackupStore } from './store.ts';

/** The AWS client is large and slow to load: only those who keep backups there wait for it. */
export async function openStore(place: BackupPlace): Promise<BackupStore> {
  if (place.kind === 'folder') return localStore(place.path);
  const { s3Store } = await import('./s3-store.ts');
  return s3Store(place);
}
