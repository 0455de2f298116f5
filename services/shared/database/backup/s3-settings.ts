/** A bucket as a place for backups: what the environment says of it. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { Hidden } from '@quantum-hub/kernel';
import type { Environment } from '../connection/read-settings.ts';
import type { SettingDescription } from '../connection/settings-list.ts';

export interface S3Place {
  readonly kind: 's3';
  readonly bucket: string;
  /** Without slashes at its ends; may be empty. */
  readonly prefix: string;
  /** `http(s)://HOST[:PORT]`; undefined for Amazon's. */
  readonly endpoint?: string;
  readonly region: string;
  /** Whether the bucket stands in the path of an address or before the host's name. */
  readonly uriStyle: 'path' | 'host';
  /** PEM of the only authorities that the server's certificate may come from; undefined for the system's. */
  readonly authorities?: string;
  /** Undefined: the AWS client finds them, in the environment, its own files or the machine's role. */
  readonly credentials?: S3Credentials;
}

interface S3Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: Hidden<string>;
}

/** `s3://BUCKET/PREFIX`. Faults go to `faults`, a sentence each. */
export function readS3Place(address: string, env: Environment, faults: string[]): S3Place {
  const [, bucket = '', prefix = ''] = /^s3:\/\/([a-z0-9][a-z0-9.-]+)(?:\/(.*))?$/.exec(address) ?? [];
  if (!bucket) faults.push(`QHUB_BACKUP_DIR is "${address}"; expected a folder, or s3://BUCKET/PREFIX`);
  const endpoint = env.QHUB_BACKUP_S3_ENDPOINT || undefined;
  if (endpoint !== undefined && !isAddress(endpoint)) {
    faults.push(
      `QHUB_BACKUP_S3_ENDPOINT is "${endpoint}"; expected an address such as https://s3.example.org`,
    );
  }
  // Servers other than Amazon's seldom give each bucket a host name.
  const uriStyle = env.QHUB_BACKUP_S3_URI_STYLE || (endpoint === undefined ? 'host' : 'path');
  if (uriStyle !== 'path' && uriStyle !== 'host') {
    faults.push(`QHUB_BACKUP_S3_URI_STYLE is "${uriStyle}"; expected path or host`);
  }
  return {
    kind: 's3',
    bucket,
    prefix: prefix.replace(/^\/+|\/+$/g, ''),
    endpoint,
    region: env.AWS_REGION || 'us-east-1',
    uriStyle: uriStyle === 'host' ? 'host' : 'path',
    authorities: readAuthorities(env, faults),
    credentials: readCredentials(env, faults),
  };
}

function isAddress(text: string): boolean {
  return /^https?:\/\/[^\s/?#@]+\/?$/.test(text) && URL.canParse(text);
}

function readAuthorities(env: Environment, faults: string[]): string | undefined {
  const text = readText('QHUB_BACKUP_S3_CA_FILE', env, faults);
  if (text === undefined || text.includes('-----BEGIN CERTIFICATE-----')) return text;
  faults.push(
    `QHUB_BACKUP_S3_CA_FILE is "${env.QHUB_BACKUP_S3_CA_FILE}", which holds no certificate; expected PEM`,
  );
  return undefined;
}

function readCredentials(env: Environment, faults: string[]): S3Credentials | undefined {
  const fromFile = readText('QHUB_BACKUP_S3_SECRET_FILE', env, faults)?.trim();
  const accessKeyId = env.AWS_ACCESS_KEY_ID;
  if (fromFile !== undefined && !accessKeyId) {
    faults.push('QHUB_BACKUP_S3_SECRET_FILE is set without AWS_ACCESS_KEY_ID; set both');
  }
  return fromFile !== undefined && accessKeyId
    ? { accessKeyId, secretAccessKey: new Hidden(fromFile) }
    : undefined;
}

function readText(name: string, env: Environment, faults: string[]): string | undefined {
  const path = env[name];
  if (!path) return undefined;
  try {
    const text = readFileSync(resolve(env.INIT_CWD ?? process.cwd(), path), 'utf8');
    if (text.trim() !== '') return text;
    faults.push(`${name} is "${path}", which is empty`);
  } catch (error) {
    faults.push(`${name} is "${path}" (${(error as NodeJS.ErrnoException).code}); expected a readable file`);
  }
  return undefined;
}

/** For the documentation. */
export const s3Settings: readonly SettingDescription[] = [
  {
    name: 'QHUB_BACKUP_S3_ENDPOINT',
    expected: 'https://HOST[:PORT]',
    meaning: "The address of an S3 server that isn't Amazon's. Recovery to a moment needs https.",
  },
  {
    name: 'QHUB_BACKUP_S3_URI_STYLE',
    default: 'path with an endpoint, else host',
    expected: 'path or host',
    meaning: "Whether the bucket's name stands in the path of an address or before the host.",
  },
  {
    name: 'QHUB_BACKUP_S3_CA_FILE',
    default: "the system's certificate authorities",
    expected: 'the path of a readable file',
    meaning: "PEM of the certificate authorities that the S3 server's certificate must come from.",
  },
  {
    name: 'QHUB_BACKUP_S3_SECRET_FILE',
    expected: 'the path of a readable file',
    meaning: 'The secret key that goes with AWS_ACCESS_KEY_ID, in place of AWS_SECRET_ACCESS_KEY.',
  },
];
