import { text } from 'node:stream/consumers';
import { Hidden, hubError } from '@quantum-hub/kernel';
import { connectAdmin } from '../../connection/admin-connection.ts';
import type { ConnectionSettings } from '../../connection/client.ts';
import { hasBookkeeping } from '../../migrations/bookkeeping.ts';
import { openBackup } from '../manifest/open-backup.ts';
import { requireMajor } from '../manifest/require-major.ts';
import { checkFiles } from '../verify/check-files.ts';
import { loadDump } from './load-dump.ts';
import { loadDumpFile, openDumpFile } from './plain-file.ts';
import type { RestoreSource } from './restore-backup.ts';
import { restoreRoles } from './restore-roles.ts';

export type CopyAddress = Omit<ConnectionSettings, 'password'> & { readonly password: string };

/**
 * Fills the provisioned, empty database of a scratch server from a backup, whose files are checked first, or from a file
 * by pg_dump. Roles that the scratch server lacks are made. Throws as a restore does.
 */
export async function loadCopy(source: RestoreSource, address: CopyAddress, version: string): Promise<void> {
  const settings = { ...address, password: new Hidden(address.password) };
  await using admin = await connectAdmin(settings, { service: 'qhub-db-migration' });
  if (source.kind === 'file') await loadDumpFile(await openDumpFile(source.path), settings, {});
  else {
    const backup = await openBackup(source.store, source.name, source.keys ?? {});
    requireMajor(backup, version, 'the copy would be on PostgreSQL');
    await checkFiles(backup);
    await restoreRoles(admin, await text(await backup.read(backup.manifest.roles.path)));
    await loadDump(backup, settings);
  }
  if (await hasBookkeeping(admin)) return;
  throw hubError('database.backup_foreign', {
    path: source.kind === 'file' ? source.path : source.name,
    reason: 'it is of another database: it has no table hub.migrations',
  });
}
