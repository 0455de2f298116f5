/** Point-in-time recovery at a place: the embedded server, or one of the operator's on this machine. */
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { hubError, newId } from '@quantum-hub/kernel';
import { type DrillOptions, type DrillRecord, runDrill } from '../backup/point-in-time/drill.ts';
import type { BaseBackup } from '../backup/point-in-time/engine.ts';
import type { S3Repository } from '../backup/point-in-time/engines/pgbackrest-configuration.ts';
import { type Initialised, initialisePitr } from '../backup/point-in-time/initialise.ts';
import { openEngine } from '../backup/point-in-time/open-engine.ts';
import {
  checkPitr,
  makeBaseBackup,
  type PitrCheck,
  type PitrStatus,
  pitrStatus,
} from '../backup/point-in-time/operations.ts';
import {
  type RecoveredData,
  type RestoreOptions,
  restoreToFolder,
  swapRestored,
} from '../backup/point-in-time/restore.ts';
import { createRestorePoint, type RestorePoint } from '../backup/point-in-time/restore-points.ts';
import { type EngineName, type Pitr, readPitr } from '../backup/point-in-time/settings-file.ts';
import { type BackupConfig, readBackupConfig } from '../backup/settings.ts';
import type { DatabaseConfig } from '../config.ts';
import { knownPlace } from '../server/index.ts';
import type { DatabasePlace } from './database-place.ts';

export interface PlaceInitOptions {
  readonly engine?: EngineName;
  /** A folder in place of `pitr` in QHUB_BACKUP_DIR. */
  readonly repository?: string;
  readonly keepFull?: number;
  readonly archiveTimeoutSeconds?: number;
  /** False: in clear, although there is a passphrase for backups. */
  readonly encrypt?: boolean;
  /** Whether to change the settings of a server that is not the embedded one. */
  readonly apply?: boolean;
}

export async function initialisePitrAt(
  place: DatabasePlace,
  options: PlaceInitOptions,
): Promise<Initialised> {
  const { config, admin } = place;
  const backups = readBackupConfig();
  const dir = pitrDir(config);
  const { kind } = config;
  return await initialisePitr(admin, {
    ...options,
    kind,
    dir,
    repository: options.repository ?? repositoryIn(backups, dir),
    s3: options.repository ? undefined : s3Of(backups),
    passphrase: options.encrypt === false ? undefined : passphraseOf(backups),
    apply: kind === 'embedded' || options.apply === true,
  });
}

export async function makeBaseBackupAt(
  place: DatabasePlace,
  kind: BaseBackup['kind'],
): ReturnType<typeof makeBaseBackup> {
  return await makeBaseBackup(pitrOf(place.config), place.admin, kind);
}

export async function checkPitrAt(place: DatabasePlace): Promise<PitrCheck> {
  return await checkPitr(pitrOf(place.config), place.admin);
}

export async function pitrStatusAt(place: DatabasePlace): Promise<PitrStatus> {
  return await pitrStatus(pitrOf(place.config), place.admin);
}

export async function createRestorePointAt(place: DatabasePlace, name: string): Promise<RestorePoint> {
  return await createRestorePoint(pitrOf(place.config), place.admin, name);
}

/** On the live server's own archive; see `runDrill`. */
export async function runDrillAt(
  place: DatabasePlace,
  options: Pick<DrillOptions, 'onProgress'> = {},
): Promise<DrillRecord> {
  const pitr = pitrOf(place.config);
  // Beside the data there is a disk that can hold them.
  const folder = join(dirname(pitr.dataDir), `drill-${newId()}`);
  return await runDrill(pitr, place.admin, { ...options, folder });
}

/** The base backups, oldest first; works without the server. */
export async function listBaseBackups(config: DatabaseConfig): Promise<BaseBackup[]> {
  return await (await openEngine(pitrOf(config))).list();
}

/** Works without the server, which may be lost. */
export async function restoreBaseBackup(
  config: DatabaseConfig,
  options: RestoreOptions,
): Promise<RecoveredData> {
  return await restoreToFolder(pitrOf(config), options);
}

/** Puts restored data in place of the embedded server's. */
export async function swapRestoredAt(
  config: DatabaseConfig,
  folder: string,
  { force }: { force?: boolean } = {},
): ReturnType<typeof swapRestored> {
  return await swapRestored(pitrOf(config), folder, { home: config.home, force });
}

export function isPitrSetUp(config: DatabaseConfig): boolean {
  return existsSync(join(pitrDir(config), 'pitr.json'));
}

function pitrOf(config: DatabaseConfig): Pitr {
  return readPitr(pitrDir(config));
}

/** Where the server's user can reach it: the embedded server's own place, or the home. */
function pitrDir({ kind, home }: DatabaseConfig): string {
  return join(kind === 'embedded' ? knownPlace(home).dir : home, 'pitr');
}

function repositoryIn({ place }: BackupConfig, dir: string): string {
  return place.kind === 'folder' ? join(place.path, 'pitr') : join(dir, 'repository');
}

function passphraseOf({ encryption }: BackupConfig): string | undefined {
  if (encryption?.to !== 'recipient') return encryption?.passphrase.reveal();
  throw hubError('database.pitr_option_unsupported', {
    engine: 'pgbackrest',
    option: 'encryption for an age recipient',
    remedy: 'set QHUB_BACKUP_PASSPHRASE_FILE instead of QHUB_BACKUP_RECIPIENT, or add --no-encryption',
  });
}

function s3Of({ place }: BackupConfig, env = process.env): S3Repository | undefined {
  if (place.kind !== 's3') return undefined;
  const { bucket, prefix, region, uriStyle, authorities, credentials } = place;
  const endpoint = new URL(place.endpoint ?? `https://s3.${region}.amazonaws.com`);
  const key = credentials?.accessKeyId ?? env.AWS_ACCESS_KEY_ID;
  const keySecret = credentials?.secretAccessKey.reveal() ?? env.AWS_SECRET_ACCESS_KEY;
  const fault =
    endpoint.protocol !== 'https:'
      ? 'an endpoint without https'
      : 'S3 without AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY (or QHUB_BACKUP_S3_SECRET_FILE)';
  if (endpoint.protocol !== 'https:' || !key || !keySecret) {
    throw hubError('database.pitr_option_unsupported', {
      engine: 'pgbackrest',
      option: fault,
      remedy: 'correct that setting, or name a folder with --repository',
    });
  }
  const path = `/${[prefix, 'pitr'].filter(Boolean).join('/')}`;
  return { bucket, endpoint: endpoint.host, uriStyle, authorities, region, key, keySecret, path };
}
