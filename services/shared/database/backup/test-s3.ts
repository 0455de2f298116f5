/** A server that speaks S3, for tests: s3rver, in clear or behind a certificate that an authority of its own signed. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';

interface S3rver {
  run(): Promise<AddressInfo>;
  close(): Promise<void>;
}
const Server = createRequire(import.meta.url)('s3rver') as new (options: object) => S3rver;

/** The only login that s3rver knows; its name is its secret too. */
export const s3Login = 'S3RVER';

export class TestS3 implements AsyncDisposable {
  /** Where the buckets' objects lie. */
  readonly directory: string;
  readonly endpoint: string;
  /** The authority's certificate, where it speaks https. */
  readonly authorities: string;
  readonly #server: S3rver;

  constructor(server: S3rver, facts: Pick<TestS3, 'directory' | 'endpoint' | 'authorities'>) {
    this.#server = server;
    this.directory = facts.directory;
    this.endpoint = facts.endpoint;
    this.authorities = facts.authorities;
  }

  /** With the bucket `backups`, in a folder below `place`; logs this process in. */
  static async start(place: string, { tls = false } = {}): Promise<TestS3> {
    const directory = join(place, 's3');
    const authorities = join(place, 'authority.crt');
    const server = new Server({
      port: 0,
      address: '127.0.0.1',
      silent: true,
      directory,
      // Else the name before the first dot of an address is taken for a bucket.
      vhostBuckets: false,
      configureBuckets: [{ name: 'backups', configs: [] }],
      ...(tls && makeCertificate(place)),
    });
    const { port } = await server.run();
    Object.assign(process.env, { AWS_ACCESS_KEY_ID: s3Login, AWS_SECRET_ACCESS_KEY: s3Login });
    const endpoint = tls ? `https://localhost:${port}` : `http://127.0.0.1:${port}`;
    return new TestS3(server, { directory, endpoint, authorities });
  }

  /** Settings that lead to it. */
  get environment(): Record<string, string> {
    const tls = this.endpoint.startsWith('https:');
    return {
      QHUB_BACKUP_S3_ENDPOINT: this.endpoint,
      AWS_ACCESS_KEY_ID: s3Login,
      AWS_SECRET_ACCESS_KEY: s3Login,
      ...(tls && { QHUB_BACKUP_S3_CA_FILE: this.authorities }),
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#server.close();
  }
}

function openssl(place: string, words: string): void {
  execFileSync('openssl', words.split(' '), { cwd: place, stdio: 'pipe' });
}

const newKey = '-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes';

/** `authority.crt`, which is given, and `authority.key` in that folder. */
export function makeAuthority(place: string): Buffer {
  mkdirSync(place, { recursive: true });
  openssl(place, `req -x509 ${newKey} -days 2 -subj /CN=authority -keyout authority.key -out authority.crt`);
  return readFileSync(join(place, 'authority.crt'));
}

function makeCertificate(place: string): { key: Buffer; cert: Buffer } {
  makeAuthority(place);
  openssl(place, `req ${newKey} -subj /CN=s3 -keyout s3.key -out s3.csr`);
  writeFileSync(join(place, 'names'), 'subjectAltName=DNS:localhost');
  const signed = '-CA authority.crt -CAkey authority.key -CAcreateserial -days 2 -extfile names';
  openssl(place, `x509 -req -in s3.csr ${signed} -out s3.crt`);
  return { key: readFileSync(join(place, 's3.key')), cert: readFileSync(join(place, 's3.crt')) };
}
