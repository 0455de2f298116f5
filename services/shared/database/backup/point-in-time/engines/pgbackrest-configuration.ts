/** The text of `pgbackrest.conf`. */
import { join } from 'node:path';
import { hubError } from '@quantum-hub/kernel';
import type { Pitr } from '../settings-file.ts';

/** An S3 bucket in place of a folder. */
export interface S3Repository {
  readonly bucket: string;
  /** `HOST` or `HOST:PORT`, without `https://`, which pgBackRest always uses. */
  readonly endpoint: string;
  readonly uriStyle: 'path' | 'host';
  /** PEM of the only authorities that its certificate may come from; undefined for the system's. */
  readonly authorities?: string;
  readonly region: string;
  readonly key: string;
  readonly keySecret: string;
  /** Where in the bucket; begins with `/`. */
  readonly path: string;
}

export interface RepositorySecrets {
  /** AES-256 in pgBackRest; without it the repository is in clear. */
  readonly passphrase?: string;
  readonly s3?: S3Repository;
}

export const stanza = 'quantum-hub';

/** A copy beside pgBackRest's configuration, as the server's user may not read the original. */
export const authoritiesFile = 's3-authorities.pem';

/** Its sections and keys are pgBackRest's; the port and socket of the server come with each command, as they may change. */
export function pgbackrestConfiguration(pitr: Pitr, { passphrase, s3 }: RepositorySecrets): string {
  const { dir, repository, dataDir, adminUser, keepFull } = pitr;
  const global: [string, string | number | undefined][] = [
    ['repo1-path', s3 ? s3.path : repository],
    ['repo1-type', s3 && 's3'],
    ['repo1-s3-bucket', s3?.bucket],
    ['repo1-s3-endpoint', s3?.endpoint],
    ['repo1-s3-region', s3?.region],
    ['repo1-s3-key', s3?.key],
    ['repo1-s3-key-secret', s3?.keySecret],
    ['repo1-s3-uri-style', s3?.uriStyle],
    ['repo1-storage-ca-file', s3?.authorities && join(dir, authoritiesFile)],
    ['repo1-retention-full', keepFull],
    ['repo1-cipher-type', passphrase === undefined ? 'none' : 'aes-256-cbc'],
    ['repo1-cipher-pass', passphrase],
    ['lock-path', join(dir, 'lock')],
    ['spool-path', join(dir, 'spool')],
    ['log-level-file', 'off'],
    ['log-level-console', 'warn'],
    ['log-level-stderr', 'off'],
    ['process-max', 2],
    ['start-fast', 'y'],
    // A file that can't be written any more should tell soon: the server keeps its log until then.
    ['archive-timeout', 60],
  ];
  const database: [string, string | number | undefined][] = [
    ['pg1-path', dataDir],
    ['pg1-user', adminUser],
  ];
  return `[global]\n${lines(global)}\n[${stanza}]\n${lines(database)}`;
}

function lines(entries: readonly (readonly [string, string | number | undefined])[]): string {
  return entries
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => `${key}=${oneLine(key, String(value))}\n`)
    .join('');
}

function oneLine(key: string, value: string): string {
  if (!/[\r\n]/.test(value)) return value;
  throw hubError('database.pitr_option_unsupported', {
    engine: 'pgbackrest',
    option: `a value of several lines for ${key}`,
    remedy: 'use one without line breaks',
  });
}
