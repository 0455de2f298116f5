import { folderStore } from './folder-store.ts';
import type { BlobPlace } from './place.ts';
import type { BlobStore } from './store.ts';

/** The AWS client is large and slow to load: only those who keep blobs there wait for it. */
export async function openBlobStore(place: BlobPlace): Promise<BlobStore> {
  if (place.kind === 'folder') return folderStore(place.path);
  const { s3Store } = await import('./s3-store.ts');
  return s3Store(place);
}
