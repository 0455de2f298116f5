import { text } from 'node:stream/consumers';
import { hubError } from '@quantum-hub/kernel';
import { type AdminConnection, connectAdmin } from '../../connection/admin-connection.ts';
import { hasBookkeeping } from '../../migrations/bookkeeping.ts';
import { pendingMigrations } from '../../migrations/runner.ts';
import { DatabasePlace } from '../../setup/database-place.ts';
import { migratePlace } from '../../setup/migrate-place.ts';
import { provisionPlace } from '../../setup/prepare-place.ts';
import { versionOf } from '../contents/version.ts';
import { type OpenBackup, openBackup } from '../manifest/open-backup.ts';
import { requireMajor } from '../manifest/require-major.ts';
import type { Keys } from '../settings.ts';
import type { BackupStore } from '../store/store.ts';
import { checkFiles } from '../verify/check-files.ts';
import { requireSame } from '../verify/verify-backup.ts';
import { clearAbandonedRestores, dropDatabase, sideNames } from './kept-databases.ts';
import { stateOfTarget } from './live-data.ts';
import { type LoadOptions, loadDump } from './load-dump.ts';
import { type DumpFile, loadDumpFile, openDumpFile } from './plain-file.ts';
import { bindsEverybody, restoreProperties } from './restore-properties.ts';
import { type RoleWarning, restoreRoles } from './restore-roles.ts';
import { swapDatabases } from './swap-databases.ts';

/** A backup of the store, or a file that `pg_dump` made. */
export type RestoreSource =
  | { readonly kind: 'backup'; readonly store: BackupStore; readonly name: string; readonly keys?: Keys }
  | { readonly kind: 'file'; readonly path: string };

export interface RestoreOptions extends LoadOptions {
  /** Also where the database holds data. Default false. */
  readonly force?: boolean;
  /** Applies the migrations of this code that the backup lacks. Default false. */
  readonly migrate?: boolean;
  /** Drops the database whose place is taken. Default false. */
  readonly dropOld?: boolean;
  readonly onProgress?: (line: string) => void;
}

export interface Restored {
  readonly database: string;
  /** What the old database is called now; undefined where there was none, or it was dropped. */
  readonly kept: string | undefined;
  /** False for a plain file, which says nothing of what it should hold. */
  readonly compared: boolean;
  readonly migrations: readonly string[];
  /** Migrations of this code that the restored database still lacks. */
  readonly pending: number;
  readonly warnings: readonly RoleWarning[];
}

const service = 'qhub-db-backup';

/**
 * Restores into a new database beside the old one, checks it, and only then gives it the old one's name. Until that moment
 * nothing of the old database is touched, and after it the old one is kept under another name.
 */
export async function restoreBackup(
  place: DatabasePlace,
  source: RestoreSource,
  options: RestoreOptions = {},
): Promise<Restored> {
  const { admin } = place;
  const { onProgress = () => {} } = options;
  const names = sideNames(admin.database, new Date());
  const opened = await openSource(source, onProgress);
  await requireRoom(place, names.kept, options);
  await clearAbandonedRestores(admin);
  const side = new DatabasePlace(place.config, { ...admin, database: names.restored });
  const filled = await fill(side, opened, { ...options, named: admin.database }).catch(async (error) => {
    await dropDatabase(admin, names.restored).catch(() => {});
    throw error;
  });
  onProgress(`Putting it in the place of ${admin.database}.`);
  const { kept } = await swapDatabases(admin, { database: admin.database, ...names });
  if (kept !== undefined && options.dropOld) await dropDatabase(admin, kept);
  return { database: admin.database, kept: options.dropOld ? undefined : kept, ...filled };
}

type Opened = { kind: 'backup'; backup: OpenBackup } | { kind: 'file'; file: DumpFile };

async function openSource(source: RestoreSource, onProgress: (line: string) => void): Promise<Opened> {
  if (source.kind === 'file') return { kind: 'file', file: await openDumpFile(source.path) };
  const backup = await openBackup(source.store, source.name, source.keys ?? {});
  onProgress('Checking the files.');
  await checkFiles(backup);
  return { kind: 'backup', backup };
}

async function requireRoom(place: DatabasePlace, kept: string, { force }: RestoreOptions): Promise<void> {
  const { database } = place.admin;
  if (force || (await stateOfTarget(place.admin)) !== 'filled') return;
  throw hubError('database.restore_refused', { database, kept });
}

async function fill(side: DatabasePlace, opened: Opened, options: RestoreOptions & { named: string }) {
  const { onProgress = () => {}, named } = options;
  const { warnings } = await provisionPlace(side, { service });
  await using admin = await connectAdmin(side.admin, { service });
  onProgress(`Restoring into ${side.admin.database}.`);
  const roles =
    opened.kind === 'backup'
      ? await loadBackup(admin, opened.backup, options)
      : await loadFile(admin, opened.file, options);
  const migrations = options.migrate
    ? (await migratePlace(side, service, { onApplied: (name) => onProgress(`migrated ${name}`) })).migrations
    : [];
  const properties = opened.kind === 'backup' ? (opened.backup.manifest.properties ?? []) : [];
  const own = properties.filter((property) => !bindsEverybody(property));
  const refused = await restoreProperties(admin, own, named);
  // The backup brought rights of its own: provisioning has the last word on those that the hub needs.
  await provisionPlace(side, { service });
  const pending = (await pendingMigrations(admin)).length;
  options.signal?.throwIfAborted();
  // Last, because they would bind the work on it too.
  refused.push(...(await restoreProperties(admin, properties.filter(bindsEverybody), named)));
  return {
    compared: opened.kind === 'backup',
    migrations,
    pending,
    warnings: [...warnings, ...roles, ...refused].map(({ sentence, statement }) => ({ sentence, statement })),
  };
}

async function loadBackup(
  admin: AdminConnection,
  backup: OpenBackup,
  options: RestoreOptions,
): Promise<RoleWarning[]> {
  requireMajor(backup, await versionOf(admin), 'this server is PostgreSQL');
  const { made, warnings } = await restoreRoles(
    admin,
    await text(await backup.read(backup.manifest.roles.path)),
  );
  await loadDump(backup, admin.settings, options);
  options.onProgress?.('Comparing it with the manifest.');
  await requireSame(backup, admin);
  if (backup.manifest.roles.passwords) return warnings;
  const logins = await loginsOf(admin, made);
  const reset = logins.map((login) => ({
    sentence: `the login "${login}" was made anew and has no password`,
    statement: `alter role "${login}" password '...'`,
  }));
  return [...warnings, ...reset];
}

async function loginsOf(admin: AdminConnection, roles: readonly string[]): Promise<string[]> {
  const { rows } = await admin.query<{ name: string }>(
    'select rolname as name from pg_roles where rolcanlogin and rolname = any($1) order by 1',
    [roles],
  );
  return rows.map(({ name }) => name);
}

async function loadFile(
  admin: AdminConnection,
  file: DumpFile,
  options: RestoreOptions,
): Promise<RoleWarning[]> {
  await loadDumpFile(file, admin.settings, options);
  if (await hasBookkeeping(admin)) return [];
  throw hubError('database.backup_foreign', {
    path: file.path,
    reason: 'it is a dump of another database: it has no table hub.migrations',
  });
}
