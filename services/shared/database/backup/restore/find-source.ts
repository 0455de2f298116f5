import { stat } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';
import { hubError } from '@quantum-hub/kernel';
import type { BackupConfig } from '../settings.ts';
import { localStore } from '../store/local-store.ts';
import { openStore } from '../store/open-store.ts';
import type { RestoreSource } from './restore-backup.ts';

/** What a person means: a backup's name, the path of a backup's folder, or the path of a file that pg_dump made. */
export async function findSource(
  text: string,
  { place, keys }: Pick<BackupConfig, 'place' | 'keys'>,
): Promise<RestoreSource> {
  const store = await openStore(place);
  if (!/[/\\]/.test(text) && (await store.names()).includes(text)) {
    return { kind: 'backup', store, name: text, keys };
  }
  // npx changes the directory inside a workspace; INIT_CWD is where the person stood.
  const path = resolve(process.env.INIT_CWD ?? process.cwd(), text);
  const facts = await stat(path).catch(() => undefined);
  if (facts?.isFile()) return { kind: 'file', path };
  if (facts?.isDirectory())
    return { kind: 'backup', store: localStore(dirname(path)), name: basename(path), keys };
  throw hubError('database.backup_not_found', { name: text, place: store.place });
}
