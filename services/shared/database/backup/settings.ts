/** Where backups are kept and for whom they are encrypted. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { Hidden, hubError } from '@quantum-hub/kernel';
import type { Environment } from '../connection/read-settings.ts';
import type { SettingDescription } from '../connection/settings-list.ts';
import { retentionSettings } from './retention/read-retention.ts';
import { readS3Place, type S3Place, s3Settings } from './s3-settings.ts';
import { upkeepSettings } from './upkeep-settings.ts';

export type BackupPlace = { readonly kind: 'folder'; readonly path: string } | S3Place;

export interface BackupConfig {
  readonly place: BackupPlace;
  /** Whom new backups are encrypted for; undefined for none. */
  readonly encryption?: Encryption;
  /** What opens encrypted backups. */
  readonly keys: Keys;
}

export type Encryption =
  | { readonly to: 'passphrase'; readonly passphrase: Hidden<string> }
  | { readonly to: 'recipient'; readonly recipient: string };

export interface Keys {
  readonly passphrase?: Hidden<string>;
  /** The text of an age identity file. */
  readonly identity?: Hidden<string>;
}

/** What a command's options say in place of the environment. */
export interface BackupOverrides {
  readonly place?: string;
  readonly passphraseFile?: string;
  readonly recipient?: string;
  readonly identityFile?: string;
}

const repository = resolve(import.meta.dirname, '../../../..');

/** Reads all settings and throws one `database.config_invalid` that names every fault. */
export function readBackupConfig(
  overrides: BackupOverrides = {},
  env: Environment = process.env,
): BackupConfig {
  const faults: string[] = [];
  const place = readPlace(overrides.place ?? env.QHUB_BACKUP_DIR, env, faults);
  const secret = (name: string, path: string | undefined) =>
    path ? readSecret(name, resolvePath(path, env), faults) : undefined;
  const passphrase = secret(
    'QHUB_BACKUP_PASSPHRASE_FILE',
    overrides.passphraseFile ?? env.QHUB_BACKUP_PASSPHRASE_FILE,
  );
  const identity = secret(
    'QHUB_BACKUP_IDENTITY_FILE',
    overrides.identityFile ?? env.QHUB_BACKUP_IDENTITY_FILE,
  );
  const recipient = (overrides.recipient ?? env.QHUB_BACKUP_RECIPIENT) || undefined;
  if (recipient !== undefined && !/^age1[a-z0-9]{20,}$/.test(recipient)) {
    faults.push(`QHUB_BACKUP_RECIPIENT is "${recipient}"; expected an age recipient, age1...`);
  }
  if (identity !== undefined && !identityLine.test(identity.reveal())) {
    faults.push('QHUB_BACKUP_IDENTITY_FILE holds no age identity; expected a line AGE-SECRET-KEY-...');
  }
  if (faults.length > 0) throw hubError('database.config_invalid', { faults: faults.join('; ') });
  const encryption = encryptionFor(recipient, passphrase);
  return { place, ...(encryption && { encryption }), keys: { passphrase, identity } };
}

/** The line of an identity file of age that holds the key. */
export const identityLine = /^AGE-SECRET-KEY-[A-Z0-9-]+$/m;

/** A recipient comes first: the passphrase may be there to read older backups. */
function encryptionFor(
  recipient: string | undefined,
  passphrase: Hidden<string> | undefined,
): Encryption | undefined {
  if (recipient !== undefined) return { to: 'recipient', recipient };
  return passphrase === undefined ? undefined : { to: 'passphrase', passphrase };
}

/** npx changes the directory inside a workspace; INIT_CWD is where the person stood. */
function resolvePath(path: string, env: Environment): string {
  return resolve(env.INIT_CWD ?? process.cwd(), path);
}

function readPlace(value: string | undefined, env: Environment, faults: string[]): BackupPlace {
  if (!value) return { kind: 'folder', path: resolve(repository, 'backups') };
  if (!value.startsWith('s3:')) return { kind: 'folder', path: resolvePath(value, env) };
  return readS3Place(value, env, faults);
}

function readSecret(name: string, path: string, faults: string[]): Hidden<string> | undefined {
  try {
    const text = readFileSync(path, 'utf8').replace(/\r?\n$/, '');
    if (text.length > 0) return new Hidden(text);
    faults.push(`${name} is "${path}", which is empty`);
  } catch (error) {
    faults.push(`${name} is "${path}" (${(error as NodeJS.ErrnoException).code}); expected a readable file`);
  }
  return undefined;
}

/** Every setting with its default and meaning, for the documentation. */
export const backupSettings: readonly SettingDescription[] = [
  {
    name: 'QHUB_BACKUP_DIR',
    default: 'backups in the checkout',
    expected: 'a folder, or s3://BUCKET/PREFIX',
    meaning:
      'Where backups are kept. For S3 the login and the region come from AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_REGION.',
  },
  ...s3Settings,
  {
    name: 'QHUB_BACKUP_PASSPHRASE_FILE',
    expected: 'the path of a readable file',
    meaning: 'The passphrase that backups are encrypted with, and opened.',
  },
  {
    name: 'QHUB_BACKUP_RECIPIENT',
    expected: 'age1...',
    meaning: 'The age recipient that backups are encrypted for, in place of a passphrase.',
  },
  {
    name: 'QHUB_BACKUP_IDENTITY_FILE',
    expected: 'the path of a readable file',
    meaning: 'The age identity that opens backups for its recipient; only needed to verify and restore.',
  },
  ...retentionSettings,
  ...upkeepSettings,
  {
    name: 'QHUB_POSTGRES_BIN',
    expected: 'a folder',
    meaning: "PostgreSQL's own programs, such as pg_dump, in place of those on PATH.",
  },
];
