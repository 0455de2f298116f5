import { type AdminConnection, connectAdmin } from '../../connection/admin-connection.ts';
import { hasBookkeeping } from '../../migrations/bookkeeping.ts';
import type { DatabasePlace } from '../../setup/database-place.ts';
import { readProperties } from '../contents/database-properties.ts';
import { readContents } from '../contents/read-contents.ts';
import { findReader } from '../contents/reader.ts';
import { openSnapshot } from '../contents/snapshot.ts';
import { readSequences } from '../contents/tables.ts';
import { versionOf } from '../contents/version.ts';
import { keyFile, makeSealer } from '../manifest/cipher.ts';
import { type BackupFile, backupName, type Manifest, renderManifest } from '../manifest/manifest.ts';
import { findProgram } from '../programs.ts';
import type { Encryption } from '../settings.ts';
import type { BackupStore, Draft } from '../store/store.ts';
import { type DumpTarget, storeDump, storeFile, storeRoles, streamOf } from './store-dump.ts';

export type CreateProgress =
  | {
      readonly stage: 'dump';
      readonly bytes: number;
      readonly table: string;
      readonly tables: number;
      readonly ofTables: number;
    }
  | { readonly stage: 'digest'; readonly table: string; readonly tables: number; readonly ofTables: number };

export interface CreateOptions {
  /** Connections that dump at once; more than 1 makes the directory format. Default 1. */
  readonly jobs?: number;
  readonly encryption?: Encryption;
  /** Puts the password hashes of all roles of the server in. Default false. */
  readonly rolePasswords?: boolean;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: CreateProgress) => void;
}

/**
 * Makes a backup while writers run: dump and manifest show one moment. It appears in the store only when it is whole and
 * on the disk; whatever fails leaves nothing. The session must be an administrator's: see `findReader`.
 */
export async function createBackup(
  place: Pick<DatabasePlace, 'admin'>,
  store: BackupStore,
  options: CreateOptions = {},
): Promise<Manifest> {
  await using admin = await connectAdmin(place.admin, { service: 'qhub-db-backup' });
  const serverVersion = await versionOf(admin);
  const needs = { atLeast: Number.parseInt(serverVersion, 10) };
  // pg_dump in the server's container could only fill a folder there.
  const server = (options.jobs ?? 1) > 1 ? undefined : place.admin;
  const programs = {
    dump: await findProgram('pg_dump', { ...needs, server }),
    roles: await findProgram('pg_dumpall', { ...needs, server: place.admin }),
  };
  const reader = await findReader(admin);
  await store.clearAbandoned();
  await using snapshot = await openSnapshot(admin, reader);
  const draft = await store.begin(backupName(place.admin.database, snapshot.takenAt));
  try {
    const work = { admin, reader, snapshot, draft, programs, settings: place.admin };
    const manifest = { ...(await fillDraft(work, options)), serverVersion };
    options.signal?.throwIfAborted();
    await draft.publish(renderManifest(manifest));
    return manifest;
  } finally {
    await draft.discard();
  }
}

type Work = Pick<DumpTarget, 'settings'> & {
  readonly admin: AdminConnection;
  readonly draft: Draft;
  readonly reader: Awaited<ReturnType<typeof findReader>>;
  readonly snapshot: Awaited<ReturnType<typeof openSnapshot>>;
  readonly programs: Record<'dump' | 'roles', Awaited<ReturnType<typeof findProgram>>>;
};

async function fillDraft(work: Work, options: CreateOptions): Promise<Omit<Manifest, 'serverVersion'>> {
  const { admin, draft, snapshot, settings, programs } = work;
  const { jobs = 1, rolePasswords = false, encryption, signal, onProgress = () => {} } = options;
  const sealer = encryption && (await makeSealer(encryption));
  const target = { draft, settings, signal, sealer };
  const files: BackupFile[] = [];
  if (sealer) files.push(await storeFile({ ...target, sealer: undefined }, keyFile, streamOf(sealer.key)));
  const roles = await storeRoles(target, programs.roles, { passwords: rolePasswords, path: 'roles.sql' });
  const before = await readSequences(admin);
  const format = jobs > 1 ? 'directory' : 'custom';
  const path = format === 'custom' ? 'dump.pgdump' : 'dump';
  const seen = { bytes: 0, table: '', tables: 0, ofTables: snapshot.tables.length };
  const tell = (news: Partial<typeof seen>) => onProgress({ stage: 'dump', ...Object.assign(seen, news) });
  const dumping = performance.now();
  const dump = await storeDump({ ...target, onBytes: (bytes) => tell({ bytes }) }, programs.dump, {
    ...work,
    format,
    jobs,
    path,
    onTable: (table) => tell({ table, tables: seen.tables + 1 }),
  });
  const digesting = performance.now();
  const onTable = (table: string, tables: number, ofTables: number) => {
    signal?.throwIfAborted();
    onProgress({ stage: 'digest', table, tables, ofTables });
  };
  const contents = await readContents(admin, snapshot, { before, onTable });
  return {
    format: 'quantum-hub-backup',
    formatVersion: 1,
    name: draft.name,
    database: settings.database,
    properties: await readProperties(admin),
    takenAt: snapshot.takenAt.toISOString(),
    programVersion: programs.dump.version,
    migrations: await appliedMigrations(admin),
    dump: { format, path: format === 'custom' ? (dump[0]?.path ?? path) : path },
    roles: { path: roles.path, passwords: rolePasswords },
    encryption: encryption ? { scheme: 'age', to: encryption.to, key: keyFile } : null,
    contents,
    files: [...files, roles, ...dump],
    durations: {
      dumpMs: Math.round(digesting - dumping),
      digestMs: Math.round(performance.now() - digesting),
    },
  };
}

async function appliedMigrations(admin: AdminConnection): Promise<Manifest['migrations']> {
  if (!(await hasBookkeeping(admin))) return [];
  const { rows } = await admin.query<{ name: string; sha256: string }>(
    'select name, sha256 from hub.migrations where applied_at is not null order by name',
  );
  return rows.map(({ name, sha256 }) => ({ name, sha256 }));
}
