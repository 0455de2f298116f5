import { text } from 'node:stream/consumers';
import { Hidden, hubError } from '@quantum-hub/kernel';
import { type AdminConnection, connectAdmin } from '../../connection/admin-connection.ts';
import type { ConnectionSettings } from '../../connection/client.ts';
import { startScratchServer } from '../../scratch/scratch-server.ts';
import { ensureDatabase } from '../../setup/ensure-database.ts';
import { compareContents } from '../contents/compare-contents.ts';
import { compareProperties, readProperties } from '../contents/database-properties.ts';
import { readContents } from '../contents/read-contents.ts';
import { findReader } from '../contents/reader.ts';
import { openSnapshot } from '../contents/snapshot.ts';
import { versionOf } from '../contents/version.ts';
import type { Manifest } from '../manifest/manifest.ts';
import { type OpenBackup, openBackup } from '../manifest/open-backup.ts';
import { requireMajor } from '../manifest/require-major.ts';
import { type LoadOptions, loadDump } from '../restore/load-dump.ts';
import { restoreProperties } from '../restore/restore-properties.ts';
import { restoreRoles } from '../restore/restore-roles.ts';
import type { Keys } from '../settings.ts';
import type { BackupStore } from '../store/store.ts';
import { type CheckOptions, checkFiles } from './check-files.ts';

export interface VerifyOptions extends LoadOptions, CheckOptions {
  readonly keys?: Keys;
  /** Compares checksums only, and restores nothing. Default false. */
  readonly quick?: boolean;
  /** Told where a server of another major than the backup's has to do, and what of the database's settings it refused. */
  readonly onNote?: (line: string) => void;
}

export interface VerifiedBackup {
  readonly manifest: Manifest;
  /** Restored and compared, and not only read. */
  readonly restored: boolean;
  readonly durations: { readonly checkMs: number; readonly restoreMs: number; readonly compareMs: number };
}

/**
 * Reads every byte of a backup, restores it on a throw-away server and compares every table, sequence, right and policy
 * with its manifest. Throws `database.backup_damaged`, `_foreign`, `_differs` or `_locked`; when it returns, the backup is good.
 */
export async function verifyBackup(
  store: BackupStore,
  name: string,
  options: VerifyOptions = {},
): Promise<VerifiedBackup> {
  const started = performance.now();
  const backup = await openBackup(store, name, options.keys ?? {});
  await checkFiles(backup, options);
  const checkMs = Math.round(performance.now() - started);
  const { manifest } = backup;
  if (options.quick) return { manifest, restored: false, durations: { checkMs, restoreMs: 0, compareMs: 0 } };
  const major = Number.parseInt(manifest.serverVersion, 10);
  await using server = await startScratchServer({ major, onProgress: options.onNote });
  requireMajor(backup, server.version, 'the programs here are of PostgreSQL');
  const { password, ...place } = server.place;
  const settings: ConnectionSettings = { ...place, password: new Hidden(password), database: 'restored' };
  const restoring = performance.now();
  await ensureDatabase(settings, 'qhub-db-backup');
  await using admin = await connectAdmin(settings, { service: 'qhub-db-backup' });
  await restoreRoles(admin, await text(await backup.read(manifest.roles.path)));
  await loadDump(backup, settings, options);
  const comparing = performance.now();
  await requireSame(backup, admin);
  await requireSameProperties(backup, admin, options);
  const restoreMs = Math.round(comparing - restoring);
  const compareMs = Math.round(performance.now() - comparing);
  return { manifest, restored: true, durations: { checkMs, restoreMs, compareMs } };
}

const mostFaults = 10;

/** Throws `database.backup_differs` with what of the restored database is not as in the manifest. */
export async function requireSame({ name, manifest }: OpenBackup, admin: AdminConnection): Promise<void> {
  await using snapshot = await openSnapshot(admin, await findReader(admin));
  const found = await readContents(admin, snapshot);
  const sameMajor =
    Number.parseInt(await versionOf(admin), 10) === Number.parseInt(manifest.serverVersion, 10);
  throwFaults(name, compareContents(manifest.contents, found, { sameMajor }));
}

/** The database as a whole; what this server refuses for reasons of its own is told, and is no fault of the backup. */
async function requireSameProperties(
  { name, manifest }: OpenBackup,
  admin: AdminConnection,
  { onNote = () => {} }: VerifyOptions,
): Promise<void> {
  const { properties } = manifest;
  if (!properties) return;
  const refused = await restoreProperties(admin, properties);
  for (const { sentence, statement } of refused) onNote(`not tried here: ${sentence} (${statement})`);
  const tried = properties.filter((property) => !refused.some((one) => one.property === property));
  throwFaults(name, compareProperties(tried, await readProperties(admin)));
}

function throwFaults(name: string, faults: readonly string[]): void {
  if (faults.length === 0) return;
  const more = faults.length > mostFaults ? [`and ${faults.length - mostFaults} more`] : [];
  throw hubError('database.backup_differs', {
    name,
    faults: [...faults.slice(0, mostFaults), ...more].join('; '),
  });
}
